/** Nodes for the table of a FUSE server, packed in the form that the addon takes. */

const NUMBERS_A_NODE = 9;
/** device, offset, length */
export const NUMBERS_AN_EXTENT = 3;
const FIRST_NODES = 64;
const BYTES_A_PATH = 24;
/** from this many on, nodes that are packed already are not copied */
const MANY_NODES = 1024;

/** Nodes in the form that the addon takes. */
export interface PackedNodes {
  /** for each: id, flags, mode, uid, gid, size, chunk, number of extents (0 for a directory), path bytes */
  readonly numbers: Float64Array;
  /** the paths one after the other */
  readonly paths: Uint8Array;
  /** for each extent: device, offset, length */
  readonly extents: Float64Array;
}

/** Nodes that are added together: requests see all of them, or none. A directory comes before its contents. */
export class NodeBatch {
  readonly #parts: PackedNodes[] = [];
  /** nodes of the parts */
  #parted = 0;
  // the part that is being filled
  #numbers = new Float64Array(FIRST_NODES * NUMBERS_A_NODE);
  #extents = new Float64Array(FIRST_NODES * NUMBERS_AN_EXTENT);
  #paths = new Uint8Array(FIRST_NODES * BYTES_A_PATH);
  #count = 0;
  #extentCount = 0;
  #pathBytes = 0;

  get count(): number {
    return this.#parted + this.#count;
  }

  /**
   * Adds a node; its extents are added next, by addExtent; a directory has none. The path has no slash at either end.
   * @param chunk bytes that go to one extent before the next gets some; 0: extents follow each other
   */
  add(id: number, path: Uint8Array, mode: number, uid: number, gid: number, size = 0, chunk = 0, flags = 0): void {
    const at = this.#count++ * NUMBERS_A_NODE;
    const numbers = withRoom(this.#numbers, at, NUMBERS_A_NODE, newNumbers);
    this.#numbers = numbers;
    numbers[at] = id;
    numbers[at + 1] = flags;
    numbers[at + 2] = mode;
    numbers[at + 3] = uid;
    numbers[at + 4] = gid;
    numbers[at + 5] = size;
    numbers[at + 6] = chunk;
    numbers[at + 7] = 0;
    numbers[at + 8] = path.length;
    this.#addPaths(path);
  }

  /** Adds an extent to the node that was added last. */
  addExtent(device: number, offset: number, length: number): void {
    const at = this.#extentCount++ * NUMBERS_AN_EXTENT;
    this.#extents = withRoom(this.#extents, at, NUMBERS_AN_EXTENT, newNumbers);
    this.#extents[at] = device;
    this.#extents[at + 1] = offset;
    this.#extents[at + 2] = length;
    (this.#numbers[(this.#count - 1) * NUMBERS_A_NODE + 7] as number)++;
  }

  /** Adds nodes that are packed already; the caller must not change them any more. */
  append({ numbers, paths, extents }: PackedNodes): void {
    if (numbers.length >= MANY_NODES * NUMBERS_A_NODE) {
      this.#endPart();
      this.#parts.push({ numbers, paths, extents });
      this.#parted += numbers.length / NUMBERS_A_NODE;
      return;
    }
    const from = this.#count * NUMBERS_A_NODE;
    this.#numbers = withRoom(this.#numbers, from, numbers.length, newNumbers);
    this.#numbers.set(numbers, from);
    this.#count += numbers.length / NUMBERS_A_NODE;
    this.#addPaths(paths);
    const end = this.#extentCount * NUMBERS_AN_EXTENT;
    this.#extents = withRoom(this.#extents, end, extents.length, newNumbers);
    this.#extents.set(extents, end);
    this.#extentCount += extents.length / NUMBERS_AN_EXTENT;
  }

  #addPaths(bytes: Uint8Array): void {
    this.#paths = withRoom(this.#paths, this.#pathBytes, bytes.length, (size) => new Uint8Array(size));
    this.#paths.set(bytes, this.#pathBytes);
    this.#pathBytes += bytes.length;
  }

  /** The added nodes, in their order. */
  packed(): readonly PackedNodes[] {
    this.#endPart();
    return this.#parts;
  }

  #endPart(): void {
    if (this.#count === 0) return;
    this.#parts.push({
      numbers: this.#numbers.subarray(0, this.#count * NUMBERS_A_NODE),
      paths: this.#paths.subarray(0, this.#pathBytes),
      extents: this.#extents.subarray(0, this.#extentCount * NUMBERS_AN_EXTENT),
    });
    this.#parted += this.#count;
    this.#numbers = newNumbers(FIRST_NODES * NUMBERS_A_NODE);
    this.#extents = newNumbers(FIRST_NODES * NUMBERS_AN_EXTENT);
    this.#paths = new Uint8Array(FIRST_NODES * BYTES_A_PATH);
    this.#count = this.#pathBytes = this.#extentCount = 0;
  }
}

function newNumbers(count: number): Float64Array<ArrayBuffer> {
  return new Float64Array(count);
}

/** The array, or a longer one with its first `used` elements where `more` do not fit after them. */
function withRoom<T extends Float64Array | Uint8Array>(
  array: T,
  used: number,
  more: number,
  make: (size: number) => T,
): T {
  if (used + more <= array.length) return array;
  const longer = make(used === 0 ? more : (used + more) * 2);
  longer.set(array.subarray(0, used));
  return longer;
}
