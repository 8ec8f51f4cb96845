/** The daxdevs that maps name: kernels ask for them, or are given them, each form and revision in its own way (docs/kernel-maps.md). */
import { daxdevBackingId } from '../../format/kernel/dMessage.js';
import { kernelForm } from '../../format/kernel/forms.js';
import { DeviceError } from '../../native/error.js';
import type { FuseServer } from '../../native/fuse.js';
import { FamfsError } from '../errors.js';
import type { Volume } from '../pool/volume.js';
import type { ServeLog } from './serveOptions.js';

/** What giving out daxdevs needs from the server. */
export type DaxdevReceiver = Pick<FuseServer, 'openDaxdev' | 'registerBacking'>;

export class KernelDaxdevs {
  readonly #volume: Volume;
  readonly #server: DaxdevReceiver;
  readonly #ofImages: boolean;
  readonly #log: ServeLog;
  /** daxdevs that were registered under an id */
  readonly #registered = new Set<number>();
  /** daxdevs below this index were opened */
  #opened = 0;
  /** false once the kernel did not know how to open one */
  #opens = true;

  /** @param ofImages give out images too */
  constructor(volume: Volume, server: DaxdevReceiver, ofImages: boolean, log: ServeLog) {
    this.#volume = volume;
    this.#server = server;
    this.#ofImages = ofImages;
    this.#log = log;
  }

  /**
   * Form V2: opens the daxdevs that the kernel does not have yet. Revisions with the size probe refuse maps that name others;
   * earlier ones do not know this, and ask (GET_DAXDEV).
   */
  open(): void {
    const { daxdevs } = this.#volume.replay;
    while (this.#opens && this.#opened < daxdevs.length) {
      const index = this.#opened++;
      if (!this.#isGiven(index)) continue;
      try {
        this.#server.openDaxdev(this.#volume.device(index), index);
      } catch (error) {
        if (error instanceof DeviceError && error.code === 'ENOTTY') this.#opens = false;
        else
          this.#log(
            `the kernel refuses daxdev ${index} (${(error as Error).message}): ` +
              'if files on it cannot be read, mount with --maps none',
          );
      }
    }
  }

  /** Form V2: the reply to GET_DAXDEV. Throws NO_SUCH_DAXDEV or BAD_MAP. */
  reply(index: number): Buffer {
    const { members, replay } = this.#volume;
    if (index >= replay.daxdevs.length) throw new FamfsError('NO_SUCH_DAXDEV', `the pool has no daxdev ${index}`);
    const { path } = members.member(index);
    const daxdev = { daxdev: index, path, isDevice: this.#isGiven(index) };
    const { image, findings } = kernelForm('v2').daxdevs.message(daxdev, 'v10-multi');
    if (findings.length === 0 && image !== undefined) return image;
    throw new FamfsError('BAD_MAP', `daxdev ${index}: ${findings[0]?.message}`);
  }

  /** Form D: registers a daxdev under its id, once. Throws what the kernel says, and DEVICE_OPEN. */
  register(index: number): void {
    if (this.#registered.has(index)) return;
    this.#server.registerBacking(this.#volume.device(index), daxdevBackingId(index));
    this.#registered.add(index);
  }

  /** Whether a kernel may have it: it is a dax device of this host. */
  #isGiven(index: number): boolean {
    if (this.#volume.members.member(index).state !== 'present') return false;
    return this.#ofImages || this.#volume.device(index).kind === 'device';
  }
}
