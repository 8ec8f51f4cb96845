/**
 * One flipped bit in a log entry. Any two records of this length with a right CRC-32 differ in at least four bits. So an entry
 * with one flipped bit can be repaired only by flipping that bit, and two flipped bits never look like one. Three may, which is
 * why this repair asks.
 */

import { snapshotOf } from '../../../format/entries/cursor.js';
import { decodeEntry } from '../../../format/entries/reader.js';
import { LOG_ENTRY_CRC_SPAN, LOG_ENTRY_SIZE } from '../../../format/logEntry.js';
import { crc32 } from '../../../native/device.js';
import type { Log } from '../../log/log.js';
import { readShared, type Write } from '../../media/sharedMemory.js';
import type { InspectedLog, Inspection } from '../checks/inspection.js';
import { conflictOf } from './conflict.js';
import type { RepairOf } from './repair.js';
import type { EntryBit, EntryConflict } from './values.js';

/**
 * The repairs of entries that one flipped bit made unreadable: one repair for all that harm no other entry, and one for each of
 * the others.
 */
export function repairBits(inspection: Inspection): RepairOf<'ENTRY_BITS'>[] {
  const { inspectedLog } = inspection;
  if (inspectedLog === undefined) return [];
  const { log, incomplete } = inspectedLog;
  const flipped = incomplete.flatMap((slot) => flippedBitOf(log, slot) ?? []);
  if (flipped.length === 0) return [];
  const judged = flipped.map((bit) => ({ bit, conflict: conflictOfBit(inspection, inspectedLog, bit) }));
  const harmless = judged.filter(({ conflict }) => conflict === null).map(({ bit }) => bit);
  const others = judged.filter(({ conflict }) => conflict !== null);
  return [
    ...(harmless.length > 0 ? [flipping(log, harmless, null)] : []),
    ...others.map(({ bit, conflict }) => flipping(log, [bit], conflict)),
  ];
}

function flipping(log: Log, bits: readonly EntryBit[], conflict: EntryConflict | null): RepairOf<'ENTRY_BITS'> {
  const steps = [bits.map((bit) => flipBack(log, bit))];
  return { id: 'ENTRY_BITS', safety: 'ask', fixes: ['ENTRY_CRC'], values: { bits, conflict }, steps };
}

function conflictOfBit(inspection: Inspection, { log, end }: InspectedLog, bit: EntryBit): EntryConflict | null {
  const entry = readShared(log.device, log.offsetOf(bit.slot), LOG_ENTRY_SIZE);
  flip(entry, bit.byte * 8 + bit.bit);
  const next = Math.max(end, bit.slot + 1);
  return conflictOf(inspection, { end: next, entries: new Map([[bit.slot, entry]]) }, (slot) => slot === bit.slot);
}

/** The bit to flip to restore the entry of a slot. */
function flippedBitOf(log: Log, slot: number): EntryBit | undefined {
  const entry = readShared(log.device, log.offsetOf(slot), LOG_ENTRY_SIZE);
  // the search for the bit takes milliseconds, and no entry is all zeros
  if (entry.every((byte) => byte === 0)) return undefined;
  const bit = flippedBit(entry);
  if (bit === undefined) return undefined;
  flip(entry, bit);
  const { faults } = decodeEntry(snapshotOf(entry), 0, slot, crcOf(entry), log.unit);
  // a name that is not UTF-8 may have been meant
  return faults.some(({ code }) => code !== 'PATH_BYTES')
    ? undefined
    : { slot, byte: Math.floor(bit / 8), bit: bit % 8 };
}

function flipBack(log: Log, { slot, byte, bit }: EntryBit): Write {
  const offset = log.offsetOf(slot) + byte;
  const bytes = readShared(log.device, offset, 1);
  flip(bytes, bit);
  return { device: log.device, offset, bytes, why: `bit ${bit} of byte ${byte} of log entry ${slot}` };
}

/** The bit to flip, counted from the start of the entry, to make the CRC right; undefined if there is none. */
function flippedBit(entry: Buffer): number | undefined {
  const stored = entry.readBigUInt64LE(LOG_ENTRY_CRC_SPAN);
  const difference = stored ^ BigInt(crcOf(entry));
  if ((difference & (difference - 1n)) === 0n) return LOG_ENTRY_CRC_SPAN * 8 + difference.toString(2).length - 1;
  for (let bit = 0; bit < LOG_ENTRY_CRC_SPAN * 8; bit++) {
    flip(entry, bit);
    const whole = stored === BigInt(crcOf(entry));
    flip(entry, bit);
    if (whole) return bit;
  }
  return undefined;
}

function crcOf(entry: Buffer): number {
  return crc32(entry.subarray(0, LOG_ENTRY_CRC_SPAN));
}

function flip(entry: Buffer, bit: number): void {
  const byte = Math.floor(bit / 8);
  entry[byte] = (entry[byte] as number) ^ (1 << (bit % 8));
}
