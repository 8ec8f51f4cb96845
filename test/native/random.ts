import type { TestContext } from 'node:test';

/** Random numbers that can be had again: FAMFS_TEST_SEED sets the seed, which every test prints. */
export class Random {
  #state: number;

  constructor(t: TestContext) {
    const seed = Number(process.env.FAMFS_TEST_SEED ?? Math.floor(Math.random() * 2 ** 32));
    t.diagnostic(`FAMFS_TEST_SEED=${seed}`);
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below - 1 (mulberry32). */
  below(below: number): number {
    return Math.floor(this.#next() * below);
  }

  bytes(length: number): Buffer {
    const words = Uint32Array.from({ length: Math.ceil(length / 4) }, () => this.below(2 ** 32));
    return Buffer.from(words.buffer, 0, length);
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  }
}
