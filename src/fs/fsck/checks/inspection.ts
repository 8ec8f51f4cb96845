import type { Superblock } from '../../../format/superblock.js';
import type { MappedDevice } from '../../../native/device.js';
import type { HeaderReading, Log } from '../../log/log.js';
import type { PrimaryFacts, Replay } from '../../log/replay.js';
import type { Rewriting } from '../../log/rewriting.js';
import type { SuperblockReading } from '../../media/superblockReader.js';
import type { Finder, ProbedDaxdev } from '../../pool/finder.js';
import type { Members } from '../../pool/members.js';

/** incomplete slots that are remembered for repairs */
export const MOST_INCOMPLETE = 256;

/** A log that was found, its header and its slots. */
export interface InspectedLog {
  readonly log: Log;
  readonly reading: HeaderReading;
  /** one more than the highest slot that holds a complete entry, whatever the header counts */
  readonly end: number;
  /** the first counted slots that hold no complete entry; at most MOST_INCOMPLETE */
  readonly incomplete: readonly number[];
}

/** A log whose header says that it is being rewritten. */
export interface RewritingLog {
  readonly log: Log;
  readonly found: Rewriting;
}

/** All that one pass over a file system has read; reports and repairs are made from it. */
export interface Inspection {
  readonly finder: Finder;
  /** of a mounted file system the file of its superblock */
  readonly primary: MappedDevice;
  readonly reading: SuperblockReading;
  /** fields as they stand */
  readonly superblock: Superblock;
  /** what the log was replayed with */
  readonly facts: PrimaryFacts;
  /** has the findings */
  readonly replay: Replay;
  /** the daxdevs of the pool as they are on this host */
  readonly members: Members;
  /** the device that the superblock of `primary` was copied from; undefined where it seems to be its own */
  readonly original: ProbedDaxdev | undefined;
  /** a log that is being rewritten: it was not judged, and what it will hold was replayed where that is known */
  readonly rewriting: RewritingLog | undefined;
  /** undefined when no log was found, or one that is being rewritten */
  readonly inspectedLog: InspectedLog | undefined;
  /** bytes of the primary daxdev; undefined where they cannot be determined */
  readonly deviceSize: number | undefined;
  /** where it is mounted; undefined where its daxdevs are read */
  readonly mountPoint?: string;
}
