/** Growing a pool: a daxdev first gets the superblock of a secondary, then an entry in the log. */
import type { LogEntry } from '../../format/entries/entryTypes.js';
import { FORMAT_MAJOR, FORMAT_MINOR_POOLS, MAX_DAXDEVS } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import { stayingSteps } from '../media/departure.js';
import { apply } from '../media/sharedMemory.js';
import { blankSteps, secondaryPlan, superblockSteps } from '../media/superblockWriter.js';
import type { Volume } from '../pool/volume.js';
import type { WriteSession } from '../pool/writeSession.js';
import { admit } from './admission.js';
import { openNew, warnAlignment } from './newDaxdevs.js';

export interface AddOptions {
  /** as for mkfs: 0 replaces nothing, 1 a famfs of this host or foreign content, 2 also a famfs of another host */
  readonly force: number;
  /** plan, but write nothing */
  readonly dryRun: boolean;
}

export interface AddedDaxdev {
  readonly index: number;
  readonly device: string;
  readonly uuid: string;
  /** bytes */
  readonly size: number;
  /** true if it was already a secondary of this pool that the log did not name, as an interrupted add leaves it */
  readonly adopted: boolean;
  /** its previous contents, if any */
  readonly replaced: string | undefined;
}

/** What a pool is added to: a session, or with `dryRun`, a file system that is only read. */
export type AddTarget = Pick<WriteSession, 'requireSlots'> & {
  readonly volume: Volume;
  append(entry: LogEntry): unknown;
};

/**
 * Adds daxdevs to the pool of a session. Throws OLD_FORMAT, SAME_DAXDEV, ALREADY_MEMBER, TOO_MANY_DAXDEVS, TOO_SMALL, HAS_FAMFS,
 * OTHER_HOST, FOREIGN, MOUNTED, BUSY or LOG_FULL; no device has changed then.
 */
export function addDaxdevs(session: AddTarget, paths: readonly string[], options: AddOptions): AddedDaxdev[] {
  const { host, replay } = session.volume;
  refuseOldFormat(session);
  const count = replay.daxdevs.length;
  if (count + paths.length > MAX_DAXDEVS)
    throw new FamfsError('TOO_MANY_DAXDEVS', `a pool has at most ${MAX_DAXDEVS} daxdevs, this one has ${count}`, {
      hint: `at most ${MAX_DAXDEVS - count} can be added`,
    });
  session.requireSlots(paths.length);
  const devices = openNew(host, paths, !options.dryRun);
  try {
    const plans = devices.map((device, i) => planOne(session, device, count + i, options));
    warnAlignment(host, devices);
    for (const [i, plan] of plans.entries()) {
      if (!options.dryRun) addOne(session, devices[i] as MappedDevice, plan);
    }
    return plans.map((plan, i) => ({ ...plan, device: paths[i] as string }));
  } finally {
    for (const device of devices) device.close();
  }
}

/** Tools of an older format report the entry of an added daxdev as invalid. */
function refuseOldFormat({ volume }: AddTarget): void {
  const { formatMajor, formatMinor } = volume.superblock;
  if (formatMajor === FORMAT_MAJOR && formatMinor >= FORMAT_MINOR_POOLS) return;
  throw new FamfsError(
    'OLD_FORMAT',
    `${volume.primary.path} has format ${formatMajor}.${formatMinor}; daxdevs are added from 2.2 on`,
    { hint: 'make a new file system with famfs mkfs, and copy the files there' },
  );
}

function planOne({ volume }: AddTarget, device: MappedDevice, index: number, options: AddOptions): AddedDaxdev {
  const { path, size } = device;
  return { index, device: path, size, ...admit(volume, device, options) };
}

/** Superblock before entry: a crash between the two leaves the pool unchanged, and an orphan that can be added again. */
function addOne(session: AddTarget, device: MappedDevice, { uuid, index, size, adopted }: AddedDaxdev): void {
  const { fsUuid, systemUuid, allocationUnit: unit } = session.volume.superblock;
  if (adopted) apply(stayingSteps(device));
  else {
    const identity = { fsUuid, deviceUuid: uuid, systemUuid };
    apply([...blankSteps(device), ...superblockSteps(secondaryPlan(device, identity, unit))]);
  }
  session.append({ type: 'ADD_DAXDEV', deviceSize: size, deviceUuid: uuid, daxdev: index });
}
