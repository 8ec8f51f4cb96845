/** Random numbers for placement: reproducible with a seed. */
import { randomInt } from 'node:crypto';

/** Returns a number in [0, 1). */
export type Random = () => number;

/** A generator that gives the same numbers for the same seed (splitmix32), or unpredictable ones without a seed. */
export function makeRandom(seed?: number): Random {
  let state = seed === undefined ? undefined : seed >>> 0;
  return () => {
    // node:crypto is slow to load, and most calls draw nothing
    state = ((state ?? randomInt(2 ** 32)) + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** `items` in random order, drawn lazily: a caller that needs only the first few pays only for those. */
export function* drawn<T>(items: readonly T[], random: Random): Generator<T> {
  const left = [...items];
  for (let i = 0; i < left.length; i++) {
    const j = i + Math.floor(random() * (left.length - i));
    const item = left[j] as T;
    left[j] = left[i] as T;
    yield item;
  }
}
