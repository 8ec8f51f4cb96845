import type { Step } from '../../media/sharedMemory.js';
import type { CATALOGUE } from '../catalogue/catalogue.js';
import type { RepairId, RepairValues } from './values.js';

/**
 * preen: the right bytes follow from the rest of the media, so -p repairs without asking. ask: a decision is needed, or something
 * is given up; only -y or a yes makes the repair.
 */
export type Safety = 'preen' | 'ask';

type Catalogue = typeof CATALOGUE;

/** The codes with a repair in their row. */
export type CodesRepairedBy<I extends RepairId> = {
  [C in keyof Catalogue]: I extends Catalogue[C]['repairs'][number] ? C : never;
}[keyof Catalogue];

/** One planned repair; nothing has been written. */
export interface RepairOf<I extends RepairId> {
  /** symbolic, stable */
  readonly id: I;
  readonly safety: Safety;
  /** codes of the findings that it makes go away */
  readonly fixes: readonly CodesRepairedBy<I>[];
  readonly values: RepairValues[I];
  readonly steps: readonly Step[];
  /** what must be given to make it; undefined if nothing is missing */
  readonly needs?: '--master-here' | 'a secondary of the pool, with --dev';
}

export type Repair = { [I in RepairId]: RepairOf<I> }[RepairId];
