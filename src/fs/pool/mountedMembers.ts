/** The daxdevs of a mounted file system: they belong to the kernel and are not touched here. */
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { LoggedDaxdev } from '../log/replay.js';
import type { Finder } from './finder.js';
import { type Member, Members, type PoolFacts } from './members.js';
import type { MountedPool } from './mounted.js';

export class MountedMembers extends Members {
  readonly #daxdevs: readonly LoggedDaxdev[];

  constructor(
    finder: Finder,
    pool: PoolFacts,
    private readonly mount: MountedPool,
  ) {
    super(finder, pool);
    this.#daxdevs = pool.daxdevs;
  }

  /** A daxdev of the pool, as the log describes it. Only the kernel knows whether it is here. */
  override member(index: number): Member {
    const { uuid, size } = this.#daxdevs[index] as LoggedDaxdev;
    const path = index === 0 ? (this.mount.source ?? this.mount.mountPoint) : undefined;
    return { index, uuid, state: 'present', size, path, sizeHere: size, candidates: [], unopened: [] };
  }

  /** Throws MOUNTED: data is read and written through the files of the mount. */
  override open(index: number): MappedDevice {
    const { mountPoint } = this.mount;
    throw new FamfsError('MOUNTED', `daxdev ${index} is in use by the famfs mounted on ${mountPoint}`, {
      hint: `use the files below ${mountPoint}, or unmount it and name the daxdev`,
      details: { daxdev: index, mountPoint },
    });
  }
}
