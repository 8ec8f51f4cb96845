import type { FindingCode, FindingValues } from './values.js';

/** Where a finding is; fields that do not apply are absent. Offsets and lengths in bytes. */
export interface FindingPlace {
  readonly slot?: number;
  /** the last slot of a run with one cause; `slot` is the first */
  readonly lastSlot?: number;
  readonly path?: string;
  /** index of the daxdev in the pool */
  readonly daxdev?: number;
  readonly deviceOffset?: number;
  readonly length?: number;
}

/** One finding per cause. For a run of slots, `values` are those of the first. */
export type FindingOf<C extends FindingCode> = {
  readonly code: C;
  readonly place: FindingPlace;
  readonly values: FindingValues[C];
  /** slots of the run; 1 if it is not a run */
  readonly count: number;
};

export type Finding = { [C in FindingCode]: FindingOf<C> }[FindingCode];
