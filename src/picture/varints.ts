/** Whole numbers in as few bytes as possible: seven bits per byte, lowest first. */

const FIRST_SIZE = 1024;

/** Collects numbers from 0 to 2^53-1. */
export class VarintWriter {
  #bytes = new Uint8Array(FIRST_SIZE);
  #length = 0;

  add(value: number): void {
    // a number has eight bytes at most
    if (this.#length + 8 > this.#bytes.length) this.#grow();
    let left = value;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) this.#bytes[this.#length++] = (left % 0x80) | 0x80;
    this.#bytes[this.#length++] = left;
  }

  /** Adds a number from -2^52 to 2^52; small absolute values take few bytes. */
  addSigned(value: number): void {
    this.add(value < 0 ? -2 * value - 1 : 2 * value);
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads the output of a VarintWriter, in the same order; zeros after the end. */
export class VarintReader {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  next(): number {
    const first = this.bytes[this.#at] as number;
    // most numbers take one byte, and there are millions of them
    if (first < 0x80) {
      this.#at++;
      return first;
    }
    let value = 0;
    for (let scale = 1; this.#at < this.bytes.length; scale *= 0x80) {
      const byte = this.bytes[this.#at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    return value;
  }

  nextSigned(): number {
    const value = this.next();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }
}
