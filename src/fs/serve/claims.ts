/** Space that new files will need once they are committed. */
import { decodePath } from '../../format/path.js';
import type { FuseNode, FuseServer } from '../../native/fuse.js';
import type { Layout } from '../allocate/placement.js';
import { makeRandom } from '../allocate/random.js';
import type { Claimant, Space } from './space.js';

export interface ClaimsHost {
  readonly server: FuseServer;
  space(): Space;
  /** layout of new files in a directory */
  layoutIn(directory: number): Layout;
}

/** One claim per node: a log slot, and the bytes of a file. */
export class Claims {
  readonly #host: ClaimsHost;
  readonly #random = makeRandom();
  /** bytes, by node */
  readonly #bytes = new Map<number, number>();
  #total = 0;

  constructor(host: ClaimsHost) {
    this.#host = host;
  }

  /** @param bytes of a file; 0 for a directory */
  add(id: number, bytes: number): void {
    this.delete(id);
    this.#bytes.set(id, bytes);
    this.#total += bytes;
  }

  delete(id: number): void {
    this.#total -= this.#bytes.get(id) ?? 0;
    this.#bytes.delete(id);
  }

  /** Throws LOG_FULL unless there is a slot for one more name. */
  requireSlot(): void {
    this.#host.space().requireSlots(this.#bytes.size + 1);
  }

  /** Claims room for a staged file. Throws NO_SPACE or LOG_FULL if the other claims leave too little, and claims nothing then. */
  require(node: FuseNode): void {
    this.delete(node.id);
    this.requireSlot();
    const space = this.#host.space();
    const { size } = node;
    const total = this.#total + size;
    // with plenty of space there is no need to try
    if (!space.hasPlenty(total, this.#bytes.size + 1)) {
      const others = [...this.#bytes.keys()].flatMap((id) => this.#host.server.node(id) ?? []);
      space.require(
        [...others, node].filter((one) => one.size > 0).map((one) => this.#claimant(one)),
        this.#random,
      );
    }
    this.add(node.id, size);
  }

  #claimant({ path, size, parent }: FuseNode): Claimant {
    return { path: decodePath(path), size, layout: this.#host.layoutIn(parent) };
  }
}
