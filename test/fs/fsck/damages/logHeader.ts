/** Damages of the header of a log. */
import type { logHeaderStruct } from '../../../../src/format/logHeader.js';
import { JOURNAL_IN_FILE, REWRITE_MAGIC } from '../../../../src/format/rewriteJournal.js';
import { pokeHeader } from '../../../support/patch.js';
import { type DamagesOf, HUGE } from './damage.js';

/** Sets both counts, as a writer does. */
function count(image: Buffer, next: number): void {
  pokeHeader(image, 'nextIndex', next);
  pokeHeader(image, 'nextSequence', next);
}

/** Says that the log is being rewritten, and where its journal is. */
function rewriting(image: Buffer, place: number | bigint): void {
  pokeHeader(image, 'magic', REWRITE_MAGIC, false);
  pokeHeader(image, 'length', place, false);
}

export const logHeaderDamages: DamagesOf<typeof logHeaderStruct> = {
  magic: [
    ['log magic', ['LOG_MAGIC'], (i) => pokeHeader(i, 'magic', 1)],
    ['log whole, but being rewritten', ['LOG_REWRITING'], (i) => pokeHeader(i, 'magic', REWRITE_MAGIC, false)],
    ['log being rewritten, without a journal', ['LOG_REWRITING'], (i) => rewriting(i, 0xa00000)],
    ['log being rewritten, its journal in a file', ['LOG_REWRITING'], (i) => rewriting(i, JOURNAL_IN_FILE)],
    ['log being rewritten, its journal over 2^53', ['LOG_REWRITING'], (i) => rewriting(i, HUGE)],
  ],
  length: [
    ['log header length', ['LOG_LENGTH'], (i) => pokeHeader(i, 'length', 0x1000000)],
    ['log header length over 2^53', ['LOG_LENGTH'], (i) => pokeHeader(i, 'length', HUGE)],
  ],
  lastIndex: [
    ['last index one too high', ['LOG_LAST_INDEX'], (i) => pokeHeader(i, 'lastIndex', 15420)],
    ['last index one too low', ['LOG_LAST_INDEX'], (i) => pokeHeader(i, 'lastIndex', 15418)],
    ['last index over 2^53', ['LOG_LAST_INDEX'], (i) => pokeHeader(i, 'lastIndex', HUGE)],
  ],
  crc: [
    ['log header crc', ['LOG_CRC'], (i) => pokeHeader(i, 'crc', 1, false)],
    ['upper half of the log header crc', ['LOG_CRC'], (i) => i.writeUInt32LE(1, 0x200000 + 28)],
  ],
  nextSequence: [
    ['next sequence number too high', ['LOG_NEXT_MISMATCH'], (i) => pokeHeader(i, 'nextSequence', 14)],
    ['next sequence number too low', ['LOG_NEXT_MISMATCH'], (i) => pokeHeader(i, 'nextSequence', 12)],
    ['next sequence number over 2^53', ['LOG_NEXT_MISMATCH'], (i) => pokeHeader(i, 'nextSequence', HUGE)],
  ],
  nextIndex: [
    ['next index beyond', ['LOG_NEXT_RANGE', 'LOG_NEXT_MISMATCH'], (i) => pokeHeader(i, 'nextIndex', 15421)],
    ['next index over 2^53', ['LOG_NEXT_RANGE', 'LOG_NEXT_MISMATCH'], (i) => pokeHeader(i, 'nextIndex', HUGE)],
    ['next index one too high', ['ENTRY_BLANK'], (i) => count(i, 14)],
    ['next index too low', ['LOG_ENTRY_BEYOND'], (i) => count(i, 10)],
  ],
};
