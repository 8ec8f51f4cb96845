import type { Superblock } from '../../../format/superblock.js';
import type { MappedDevice } from '../../../native/device.js';
import type { HeaderReading, Log } from '../../log/log.js';
import type { PrimaryFacts, Replay } from '../../log/replay.js';
import type { Rewriting } from '../../log/rewriting.js';
import type { SuperblockReading } from '../../media/superblockReader.js';
import type { Finder, ProbedDaxdev } from '../../pool/finder.js';
import type { Members } from '../../pool/members.js';

/** incomplete slots to remember for repairs */
export const MOST_INCOMPLETE = 256;

/** A log that was found, its header and its slots. */
export interface InspectedLog {
  readonly log: Log;
  readonly reading: HeaderReading;
  /** one more than the highest slot with a complete entry, whatever the header counts */
  readonly end: number;
  /** the first counted slots without a complete entry; at most MOST_INCOMPLETE */
  readonly incomplete: readonly number[];
}

/** A log whose header says that it is being rewritten. */
export interface RewritingLog {
  readonly log: Log;
  readonly found: Rewriting;
}

/** Everything that one pass over a file system has read; reports and repairs are made from it. */
export interface Inspection {
  readonly finder: Finder;
  /** the superblock's file if the file system is mounted */
  readonly primary: MappedDevice;
  readonly reading: SuperblockReading;
  /** fields as stored */
  readonly superblock: Superblock;
  /** the replay of the log */
  readonly facts: PrimaryFacts;
  /** has the findings */
  readonly replay: Replay;
  /** the daxdevs of the pool as they are on this host */
  readonly members: Members;
  /** the device that the superblock of `primary` was copied from; undefined if it appears to be its own */
  readonly original: ProbedDaxdev | undefined;
  /** a log that is being rewritten: it was not judged, and its future contents were replayed if they are known */
  readonly rewriting: RewritingLog | undefined;
  /** undefined if no log was found, or one that is being rewritten */
  readonly inspectedLog: InspectedLog | undefined;
  /** bytes of the primary daxdev; undefined if they cannot be determined */
  readonly deviceSize: number | undefined;
  /** mount point of the file system; undefined if its daxdevs are read */
  readonly mountPoint?: string;
}
