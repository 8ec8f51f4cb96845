/** Damaged records of this program in the superblock region of a primary. None is needed, so what is damaged is cleared. */
import { LOG_HISTORY_OFFSET, logHistoryStruct } from '../../../format/logHistory.js';
import { POOL_DEFAULTS_OFFSET, poolDefaultsStruct } from '../../../format/poolDefaults.js';
import { POOL_LABEL_OFFSET, poolLabelStruct } from '../../../format/poolLabel.js';
import type { Inspection } from '../checks/inspection.js';
import type { RepairOf } from './repair.js';
import type { RecordName } from './values.js';

interface Kind {
  readonly code: 'POOL_DEFAULTS' | 'LOG_HISTORY' | 'POOL_LABEL';
  readonly record: RecordName;
  /** bytes from the start of the primary */
  readonly offset: number;
  readonly struct: { readonly name: string; readonly size: number };
}

const KINDS: readonly Kind[] = [
  { code: 'POOL_DEFAULTS', record: 'default interleave', offset: POOL_DEFAULTS_OFFSET, struct: poolDefaultsStruct },
  { code: 'LOG_HISTORY', record: 'record of the history', offset: LOG_HISTORY_OFFSET, struct: logHistoryStruct },
  { code: 'POOL_LABEL', record: 'label', offset: POOL_LABEL_OFFSET, struct: poolLabelStruct },
];

/** One repair for each damaged record. One that is whole, but of another version, is a newer program's and stays. */
export function clearRecords({ reading, primary, replay }: Inspection): RepairOf<'RECORD'>[] {
  if (reading.state !== 'valid') return [];
  return KINDS.flatMap(({ code, record, offset, struct }): RepairOf<'RECORD'>[] => {
    const isDamaged = replay.findings.kept.some(
      (finding) => finding.code === code && finding.values.field !== `${struct.name}.version`,
    );
    if (!isDamaged) return [];
    const write = { device: primary, offset, zeros: struct.size, why: `clear the damaged ${record}` };
    return [{ id: 'RECORD', safety: 'ask', fixes: [code], values: { device: primary.path, record }, steps: [[write]] }];
  });
}
