import { join } from 'node:path';
import type { Plan } from '../../support/batches.js';

/** Sequences of random calls in child processes, `batch` per process. */
export function planCalls(first: number, count: number, batch: number, print: (line: string) => void): Plan {
  const worker = join(import.meta.dirname, 'worker.js');
  return { worker, what: 'sequences', first, count, batch, patience: 120_000, print };
}
