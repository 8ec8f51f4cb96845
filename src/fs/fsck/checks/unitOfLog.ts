/** The allocation unit of a file system whose superblock cannot be trusted: what its log proves. */
import type { EntryCursor } from '../../../format/entries/cursor.js';
import { ALLOCATION_UNITS, DEFAULT_ALLOCATION_UNIT, HUGE_PAGE, SMALL_PAGE } from '../../../format/superblock.js';
import { Log } from '../../log/log.js';

/** slots to look at before asking whether that is enough */
const SLOTS_AT_A_TIME = 1024;

/**
 * The log with the unit that its entries need: 4 KiB if a sound one has an extent that no larger unit allows. Otherwise the one
 * that the superblock names, if file systems can have it, or else 2 MiB; both fit such entries.
 * @param named as the superblock has it
 */
export function withUnit({ device, offset, length, deviceOffset }: Log, named: number): Log {
  const log = (unit: number) => new Log(device, offset, length, unit, deviceOffset);
  const possible = ALLOCATION_UNITS.includes(named) ? named : DEFAULT_ALLOCATION_UNIT;
  if (possible === SMALL_PAGE || needsSmallUnit(log(SMALL_PAGE))) return log(SMALL_PAGE);
  return log(possible);
}

function needsSmallUnit(log: Log): boolean {
  const end = log.findEnd();
  let found = false;
  for (let from = 0; from < end && !found; from += SLOTS_AT_A_TIME)
    log.scan(from, Math.min(from + SLOTS_AT_A_TIME, end), (_, decoded) => {
      found ||= decoded.faults.length === 0 && hasSmallExtent(decoded);
    });
  return found;
}

function hasSmallExtent({ extentCount, offsets, lengths }: EntryCursor): boolean {
  for (let i = 0; i < extentCount; i++)
    if ((offsets[i] as number) % HUGE_PAGE !== 0 || (lengths[i] as number) % HUGE_PAGE !== 0) return true;
  return false;
}
