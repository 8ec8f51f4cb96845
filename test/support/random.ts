import type { TestContext } from 'node:test';

/** Reproducible random numbers: every test prints its seed, and FAMFS_TEST_SEED sets it. */
export class Random {
  #state: number;

  /** @param from a test, or a seed of the caller's */
  constructor(from: TestContext | number) {
    this.#state = (typeof from === 'number' ? from : seedOf(from)) >>> 0;
  }

  /** An integer from 0 to below - 1 (mulberry32). */
  below(below: number): number {
    return Math.floor(this.#next() * below);
  }

  /** True with this probability. */
  chance(share: number): boolean {
    return this.#next() < share;
  }

  /** An integer from `from` to `to`, inclusive. */
  within(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  bytes(length: number): Buffer {
    const words = new Uint32Array(Math.ceil(length / 4));
    for (let i = 0; i < words.length; i++) words[i] = this.#word();
    return Buffer.from(words.buffer, 0, length);
  }

  #next(): number {
    return this.#word() / 2 ** 32;
  }

  #word(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return (z ^ (z >>> 14)) >>> 0;
  }
}

function seedOf(t: TestContext): number {
  const seed = Number(process.env.FAMFS_TEST_SEED ?? Math.floor(Math.random() * 2 ** 32));
  t.diagnostic(`FAMFS_TEST_SEED=${seed}`);
  return seed;
}
