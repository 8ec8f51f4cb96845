import type { Step } from '../../media/sharedMemory.js';
import type { CATALOGUE } from '../catalogue/catalogue.js';
import type { RepairId, RepairValues } from './values.js';

/**
 * preen: what the right bytes are follows from the rest of the media, so that -p does it unasked. ask: it takes a
 * decision, or gives something up; only -y or a yes does it.
 */
export type Safety = 'preen' | 'ask';

type Catalogue = typeof CATALOGUE;

/** The codes whose rows name a repair. */
export type CodesRepairedBy<I extends RepairId> = {
  [C in keyof Catalogue]: I extends Catalogue[C]['repairs'][number] ? C : never;
}[keyof Catalogue];

/** One repair, planned: nothing has been written. */
export interface RepairOf<I extends RepairId> {
  /** symbolic, stable */
  readonly id: I;
  readonly safety: Safety;
  /** codes of the findings that are gone when it is done */
  readonly fixes: readonly CodesRepairedBy<I>[];
  readonly values: RepairValues[I];
  readonly steps: readonly Step[];
  /** what must be given so that it can be made; undefined where nothing is missing */
  readonly needs?: '--master-here' | 'a secondary of the pool, with --dev';
}

export type Repair = { [I in RepairId]: RepairOf<I> }[RepairId];
