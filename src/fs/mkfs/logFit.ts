/** Whether the length of a log suits the room for files: each takes a slot of the log, and at least one allocation unit. */
import { lastIndexOf, MIN_LOG_LENGTH } from '../../format/logHeader.js';
import { SMALL_PAGE, SUPERBLOCK_REGION } from '../../format/superblock.js';
import type { Host } from '../host/host.js';

/** bytes; who makes a file system with small units is taken to have files of this size on average, or larger ones */
const SMALL_FILE = 64 * 1024;
/** the part of the primary that a suggested log takes at most */
const MOST_OF_PRIMARY = 1 / 4;

/** All in bytes. */
export interface LogAndRoom {
  readonly logLength: number;
  /** allocation unit */
  readonly unit: number;
  /** for files, on all daxdevs */
  readonly capacity: number;
  readonly primarySize: number;
}

/** The log length that suits the room for files better: a longer or a shorter one; undefined if there is none. */
export function betterLogLength(given: LogAndRoom): number | undefined {
  const { logLength, unit, capacity } = given;
  if (unit === SMALL_PAGE && capacity > slots(logLength) * SMALL_FILE) return longer(given);
  const units = capacity / unit;
  let shorter = logLength;
  while (shorter > MIN_LOG_LENGTH && slots(shorter / 2) >= units) shorter /= 2;
  return shorter === logLength ? undefined : shorter;
}

function longer({ logLength, capacity, primarySize }: LogAndRoom): number | undefined {
  const most = (primarySize - SUPERBLOCK_REGION) * MOST_OF_PRIMARY;
  let length = logLength;
  while (length * 2 <= most && capacity > slots(length) * SMALL_FILE) length *= 2;
  return length === logLength ? undefined : length;
}

/** Warns of a log that will be full long before the space is, or that can never be full. */
export function warnLogLength(host: Host, given: LogAndRoom): void {
  const better = betterLogLength(given);
  if (better === undefined) return;
  const { logLength, unit, capacity } = given;
  const mean = Math.ceil(capacity / slots(logLength) / 1024);
  const why =
    better > logLength
      ? `fills before the space does where files have less than ${mean} KiB on average`
      : `there is room for ${Math.floor(capacity / unit)} files at most`;
  host.warn(
    'LOG_LENGTH_FIT',
    `a log of ${mib(logLength)} holds ${slots(logLength)} files and directories, and ${why}; one of ${mib(better)} holds ${slots(better)} (--loglen ${mib(better)})`,
  );
}

/** A log length, as --loglen takes it. */
function mib(length: number): string {
  return `${length / 1024 ** 2}M`;
}

function slots(logLength: number): number {
  return lastIndexOf(logLength) + 1;
}
