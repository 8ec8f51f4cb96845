/** Makes columns of files that are to be appended together (WriteSession.appendBlock). */
import type { FileMetadata } from '../../format/fileYaml.js';
import { APPLIED, type AppliedBlock, NUMBERS_PER_APPLIED, NUMBERS_PER_EXTENT } from '../../native/logTable.js';

export class BlockBuilder {
  readonly #numbers: Float64Array;
  #extents: Float64Array<ArrayBuffer>;
  #used = 0;
  #at = 0;

  /** @param count number of files */
  constructor(count: number) {
    this.#numbers = new Float64Array(count * NUMBERS_PER_APPLIED);
    this.#extents = new Float64Array(count * NUMBERS_PER_EXTENT);
  }

  /** Adds the next file, whose path has so many bytes. */
  add({ flags, mode, uid, gid, size, fmap }: Omit<FileMetadata, 'path'>, pathBytes: number): void {
    const numbers = this.#numbers;
    const at = this.#at;
    numbers[at + APPLIED.flags] = flags;
    numbers[at + APPLIED.mode] = mode;
    numbers[at + APPLIED.uid] = uid;
    numbers[at + APPLIED.gid] = gid;
    numbers[at + APPLIED.size] = size;
    numbers[at + APPLIED.chunkSize] = fmap.layout === 'interleaved' ? fmap.chunkSize : 0;
    numbers[at + APPLIED.extents] = fmap.extents.length;
    numbers[at + APPLIED.pathBytes] = pathBytes;
    this.#at = at + NUMBERS_PER_APPLIED;
    this.#reserve(fmap.extents.length * NUMBERS_PER_EXTENT);
    for (const { daxdev, deviceOffset, length } of fmap.extents) {
      this.#extents[this.#used++] = daxdev;
      this.#extents[this.#used++] = deviceOffset;
      this.#extents[this.#used++] = length;
    }
  }

  /** The files that were added; `paths` are their paths one after the other. `first` is the slot that the first one gets. */
  block(paths: Uint8Array, first: number): AppliedBlock {
    const numbers = this.#numbers.subarray(0, this.#at);
    for (let at = 0, slot = first; at < numbers.length; at += NUMBERS_PER_APPLIED) numbers[at + APPLIED.slot] = slot++;
    return { numbers, paths, extents: this.#extents.subarray(0, this.#used) };
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#extents.length) return;
    const longer = new Float64Array(Math.max(this.#used + more, 2 * this.#extents.length));
    longer.set(this.#extents);
    this.#extents = longer;
  }
}
