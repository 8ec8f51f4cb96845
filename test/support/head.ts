/** The beginning of an image as it was, to be compared with what it is later. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** bytes that are read at a time, and kept if they are not all zero */
const PART = 64 * 1024;
/** used for every look at an image: fresh memory each time costs more than the reading */
const read = Buffer.alloc(PART);
const zeros = Buffer.alloc(PART);

export class Head {
  /** undefined for a part that is zero */
  readonly #parts: readonly (Buffer | undefined)[];

  /** Keeps the first `length` bytes of an image; what is beyond its end counts as zeros. */
  constructor(
    readonly path: string,
    private readonly length: number,
  ) {
    this.#parts = Array.from(partsOf(path, length), (bytes) =>
      bytes.equals(zeros.subarray(0, bytes.length)) ? undefined : Buffer.from(bytes),
    );
  }

  /** Whether the image still begins with these bytes. */
  isUnchanged(): boolean {
    let i = 0;
    for (const bytes of partsOf(this.path, this.length))
      if (!bytes.equals(this.#parts[i++] ?? zeros.subarray(0, bytes.length))) return false;
    return true;
  }
}

/** Remembers whole images. The function tells whether each still has the same size and bytes. */
export function watchImages(paths: readonly string[]): () => boolean {
  const images = paths.map((path) => ({ size: statSync(path).size, head: new Head(path, statSync(path).size) }));
  return () => images.every(({ size, head }) => statSync(head.path).size === size && head.isUnchanged());
}

/** The parts of an image in order, each valid until the next one is drawn. */
function* partsOf(path: string, length: number): Generator<Buffer> {
  const fd = openSync(path, 'r');
  try {
    for (let at = 0; at < length; at += PART) {
      const bytes = read.subarray(0, Math.min(PART, length - at));
      bytes.fill(0, readSync(fd, bytes, 0, bytes.length, at));
      yield bytes;
    }
  } finally {
    closeSync(fd);
  }
}
