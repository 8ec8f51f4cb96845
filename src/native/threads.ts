import { availableParallelism } from 'node:os';

/** more do not help: they would only wait for memory */
const MOST = 16;

/** As many threads as help: one for each processor, at most 16. */
export function defaultThreads(): number {
  return Math.min(availableParallelism(), MOST);
}
