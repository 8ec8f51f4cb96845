import { isDeepStrictEqual } from 'node:util';
import type { MappedDevice } from '../../../native/device.js';
import { FamfsError } from '../../errors.js';
import type { Host } from '../../host/host.js';
import { openDevice } from '../../host/openDevice.js';
import { readSuperblock } from '../../media/superblockReader.js';
import type { ProbedDaxdev } from '../../pool/finder.js';

/** The daxdevs besides the primary that repairs write to: opened when a repair is planned, and closed with the run. */
export class RepairDevices {
  readonly #opened = new Map<string, MappedDevice | undefined>();

  /** @param writable whether they will be written to; if so, each is locked too */
  constructor(
    private readonly host: Host,
    private readonly writable: boolean,
  ) {}

  /** Undefined, with a warning, for a daxdev that cannot be opened, that another process has locked, or that has changed. */
  open(found: ProbedDaxdev): MappedDevice | undefined {
    const { identity } = found;
    if (!this.#opened.has(identity)) this.#opened.set(identity, this.#claim(found));
    return this.#opened.get(identity);
  }

  close(): void {
    for (const device of this.#opened.values()) device?.close();
    this.#opened.clear();
  }

  #claim(found: ProbedDaxdev): MappedDevice | undefined {
    const { path } = found;
    try {
      const device = openDevice(this.host, path, this.writable);
      const ours = device.identity === found.identity && (!this.writable || device.lock('exclusive', false));
      // a process that held the lock until now may have changed it
      if (ours && isDeepStrictEqual(readSuperblock(device), found.reading)) return device;
      device.close();
      this.host.warn('BUSY', `${path} is not repaired: another process has locked or changed it`);
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      this.host.warn(error.code, `${path} is not repaired: ${error.message}`);
    }
    return undefined;
  }
}
