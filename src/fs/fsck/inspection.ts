import type { Superblock } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import type { HeaderReading, Log } from '../log/log.js';
import type { Replay } from '../log/replay.js';
import type { SuperblockReading } from '../media/superblockReader.js';
import type { Finder } from '../pool/finder.js';
import type { Members } from '../pool/members.js';

/** incomplete slots that are kept for repairs */
export const MOST_INCOMPLETE = 256;

/** A log that was found, its header and its slots. */
export interface InspectedLog {
  readonly log: Log;
  readonly reading: HeaderReading;
  /** one behind the highest slot that holds a complete entry, whatever the header counts */
  readonly end: number;
  /** the first counted slots that hold no complete entry; at most MOST_INCOMPLETE */
  readonly incomplete: readonly number[];
}

/** All that one pass over a file system saw; reports and repairs are made from it. */
export interface Inspection {
  readonly finder: Finder;
  /** of a mounted file system the file of its superblock */
  readonly primary: MappedDevice;
  readonly reading: SuperblockReading;
  /** fields as they stand */
  readonly superblock: Superblock;
  /** holds what was found */
  readonly replay: Replay;
  /** the daxdevs of the pool as they are on this host */
  readonly members: Members;
  /** undefined when no log could be found to check */
  readonly inspectedLog: InspectedLog | undefined;
  /** bytes of the primary daxdev; undefined where it cannot be told */
  readonly deviceSize: number | undefined;
  /** where it is mounted; undefined where it is looked at on its daxdevs */
  readonly mountPoint?: string;
}
