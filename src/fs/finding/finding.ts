import type { FindingCode, FindingValues } from './values.js';

/** Where a finding is; what does not apply is left out. Offsets and lengths in bytes. */
export interface FindingPlace {
  readonly slot?: number;
  /** the last slot of a run that has one cause; `slot` is the first */
  readonly lastSlot?: number;
  readonly path?: string;
  /** index of the daxdev in the pool */
  readonly daxdev?: number;
  readonly deviceOffset?: number;
  readonly length?: number;
}

/** What was found, once for each cause. `values` are those of the first slot where it is about several. */
export type FindingOf<C extends FindingCode> = {
  readonly code: C;
  readonly place: FindingPlace;
  readonly values: FindingValues[C];
  /** slots of the run that it is about; 1 for what is no run */
  readonly count: number;
};

export type Finding = { [C in FindingCode]: FindingOf<C> }[FindingCode];
