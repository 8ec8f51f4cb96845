/**
 * One flipped bit in a log entry. CRC-32 keeps any two records of this length at least four bits apart, so an entry that
 * one flip makes whole can only have been that entry: two or three flipped bits never look like one.
 */

import { snapshotOf } from '../../format/entries/cursor.js';
import { LOG_ENTRY_CRC_SPAN, LOG_ENTRY_SIZE } from '../../format/entries/logEntry.js';
import { decodeEntry } from '../../format/entries/reader.js';
import { crc32 } from '../../native/device.js';
import type { Log } from '../log/log.js';
import { readShared, type Write } from '../media/sharedMemory.js';
import type { Inspection } from './inspection.js';
import type { Repair } from './repair.js';

/** The repair of the entries that one flipped bit made unreadable; undefined where there is none. */
export function repairBits({ inspectedLog }: Inspection): Repair | undefined {
  if (inspectedLog === undefined) return undefined;
  const { log, incomplete } = inspectedLog;
  const writes = incomplete.flatMap((slot) => mend(log, slot) ?? []);
  if (writes.length === 0) return undefined;
  const what = `flip one bit back in each of ${writes.length} log entries, which makes them whole (${writes[0]?.why})`;
  return { id: 'ENTRY_BITS', safety: 'ask', fixes: ['ENTRY_CRC'], what, steps: [writes] };
}

function mend(log: Log, slot: number): Write | undefined {
  const entry = readShared(log.device, log.offsetOf(slot), LOG_ENTRY_SIZE);
  // looking for the bit costs milliseconds, and no entry is all zeros
  if (entry.every((byte) => byte === 0)) return undefined;
  const bit = flippedBit(entry);
  if (bit === undefined) return undefined;
  flip(entry, bit);
  const { faults } = decodeEntry(snapshotOf(entry), 0, slot, crcOf(entry), log.unit);
  if (faults.length > 0) return undefined;
  const byte = Math.floor(bit / 8);
  const why = `bit ${bit % 8} of byte ${byte} of log entry ${slot}`;
  return { device: log.device, offset: log.offsetOf(slot) + byte, bytes: entry.subarray(byte, byte + 1), why };
}

/** The bit, counted from the entry's start, whose flip makes the crc right; undefined when there is none. */
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
