import type { FindingPlace } from '../../finding/finding.js';
import type { FindingCode, FindingValues } from '../../finding/values.js';
import type { RepairId } from '../repairs/values.js';

/** An error makes fsck exit 4; a warning does not. */
export type Severity = 'error' | 'warning';

/** The part of the file system that a check looks at. */
export type Stage = 'superblock' | 'log' | 'entry' | 'namespace' | 'space' | 'pool' | 'kernel' | 'reference';

/** preen: fsck -p repairs it; yes: only -y or a yes does; partly: `how` says on what it depends; no: never. */
export type RepairKind = 'preen' | 'yes' | 'partly' | 'no';

/** Everything about one code: its words and its repairs. A check is a row, and the code that finds it. */
export interface FindingRow<C extends FindingCode> {
  readonly stage: Stage;
  readonly severity: Severity;
  /** for a finding about an entry: whether the entry is replayed nevertheless */
  readonly usable: boolean;
  /** its meaning, half a sentence */
  readonly summary: string;
  /** the consequences and what to do, a sentence */
  readonly advice: string;
  /** the value found and the values allowed, a sentence without its final stop */
  message(values: FindingValues[C], place: FindingPlace): string;
  readonly repair: RepairKind;
  /** the repairs that can fix it, at least in part */
  readonly repairs: readonly RepairId[];
  /** what the repair does, or why there is none; sentences */
  readonly how: string;
}

export type RowsOf<C extends FindingCode> = { readonly [K in C]: FindingRow<K> };

/** Why the findings of a stage are not repaired, unless the row says otherwise. */
const HOW_NOT: Readonly<Record<Stage, string>> = {
  superblock: 'Nothing on the media proves what belongs there.',
  log: 'Nothing on the media proves what belongs there.',
  entry: 'Log entries are never changed: the entry keeps its slot and any space that can be read from it.',
  namespace: 'fsck removes no log entry: both keep their slots and their space.',
  space: 'Which entry is right cannot be determined: both keep their slots and their space.',
  pool: 'The log is authoritative, and is not changed to match the daxdevs of one host.',
  reference: 'The file system is sound; only the reference tools cannot use all of it.',
  kernel: 'The file itself is sound; create another one with a layout that the kernel accepts.',
};

/** The repair fields of a row that has no repair. */
export function notRepaired(stage: Stage): { repair: 'no'; repairs: readonly []; how: string } {
  return { repair: 'no', repairs: [], how: HOW_NOT[stage] };
}
