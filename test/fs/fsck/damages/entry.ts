/** Damages of the fields that every log entry has. */
import type { logEntryStruct } from '../../../../src/format/logEntry.js';
import { entryOffset, pokeEntry, sealEntry } from '../../../support/patch.js';
import { type DamagesOf, HUGE } from './damage.js';
import { joinAt } from './joins.js';

const PAYLOAD = 16;

/** Sets a byte of the payload of a slot that its entry does not use. */
function unused(image: Buffer, slot: number, byte: number): void {
  image.writeUInt8(1, entryOffset(slot) + PAYLOAD + byte);
  sealEntry(image, slot);
}

export const entryDamages: DamagesOf<typeof logEntryStruct> = {
  sequence: [
    ['entry sequence number', ['ENTRY_SEQUENCE'], (i) => pokeEntry(i, 5, 'sequence', 6)],
    ['entry sequence number over 2^53', ['ENTRY_SEQUENCE'], (i) => pokeEntry(i, 5, 'sequence', HUGE)],
  ],
  type: [
    ['entry type DELETE', ['ENTRY_TYPE'], (i) => pokeEntry(i, 5, 'type', 2)],
    ['entry type unknown', ['ENTRY_TYPE'], (i) => pokeEntry(i, 5, 'type', 0xffffffff)],
  ],
  padding: [['entry padding', ['ENTRY_RESERVED'], (i) => pokeEntry(i, 5, 'padding', 1)]],
  payload: [
    ['first byte after a directory', ['ENTRY_RESERVED'], (i) => unused(i, 1, 92)],
    ['last byte after a directory', ['ENTRY_RESERVED'], (i) => unused(i, 1, 519)],
    [
      'first byte after an added daxdev',
      ['ENTRY_RESERVED', 'MEMBER_MISSING'],
      (i) => [joinAt(i, 12), unused(i, 12, 28)],
    ],
    [
      'last byte after an added daxdev',
      ['ENTRY_RESERVED', 'MEMBER_MISSING'],
      (i) => [joinAt(i, 12), unused(i, 12, 519)],
    ],
  ],
  crc: [
    ['entry crc', ['ENTRY_CRC'], (i) => pokeEntry(i, 12, 'crc', 0, false)],
    ['upper half of an entry crc', ['ENTRY_CRC'], (i) => i.writeUInt32LE(1, entryOffset(5) + 540)],
  ],
};
