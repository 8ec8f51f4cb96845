/** The daxdevs of a mounted file system: the kernel has them, and they are not touched here. */
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { LoggedDaxdev } from '../log/replay.js';
import type { Finder } from './finder.js';
import { type Member, Members, type PoolFacts } from './members.js';

export class MountedMembers extends Members {
  readonly #daxdevs: readonly LoggedDaxdev[];

  constructor(
    finder: Finder,
    pool: PoolFacts,
    private readonly mountPoint: string,
    /** path of the primary, where /proc/mounts tells it */
    private readonly source: string | undefined,
  ) {
    super(finder, pool);
    this.#daxdevs = pool.daxdevs;
  }

  /** A daxdev of the pool, as the log has it: that it is here is for the mount to know. */
  override member(index: number): Member {
    const { uuid, size } = this.#daxdevs[index] as LoggedDaxdev;
    const path = index === 0 ? (this.source ?? this.mountPoint) : undefined;
    return { index, uuid, state: 'present', size, path, sizeHere: size, found: [] };
  }

  /** Throws MOUNTED: data is read and written through the files of the mount. */
  override open(index: number): MappedDevice {
    throw new FamfsError('MOUNTED', `daxdev ${index} is in use by the mount on ${this.mountPoint}`, {
      hint: `read and write the files below ${this.mountPoint}, or unmount it and name the daxdev`,
      details: { daxdev: index, mountPoint: this.mountPoint },
    });
  }
}
