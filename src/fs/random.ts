/** Random numbers for placement: reproducible with a seed. */
import { randomInt } from 'node:crypto';

/** Gives a number in [0, 1). */
export type Random = () => number;

/** A generator that gives the same numbers for the same seed (splitmix32); without a seed, one that nobody can predict. */
export function makeRandom(seed = randomInt(2 ** 32)): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** A copy of `items` in random order. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
