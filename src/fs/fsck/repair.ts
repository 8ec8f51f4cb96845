import type { ProblemCode } from '../finding/problem.js';
import type { Step } from '../media/sharedMemory.js';

/**
 * preen: what the right bytes are follows from the rest of the media, so that -p does it unasked. ask: it takes a
 * decision, or gives something up; only -y or a yes does it.
 */
export type Safety = 'preen' | 'ask';

/** One repair, planned: nothing has been written. */
export interface Repair {
  /** symbolic, stable */
  readonly id: string;
  readonly safety: Safety;
  /** problems that are gone when it is done */
  readonly fixes: readonly ProblemCode[];
  /** what it does, as the beginning of a question: "count 3 complete entries in" */
  readonly what: string;
  readonly steps: readonly Step[];
  /** what must be given so that it can be made, as the end of "it needs"; undefined where nothing is missing */
  readonly needs?: string;
}
