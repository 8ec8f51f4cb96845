import type { FindingCode } from '../../fs/finding/values.js';
import type { Safety } from '../../fs/fsck/repairs/repair.js';
import type { RepairId } from '../../fs/fsck/repairs/values.js';
import { actionOf } from '../../fs/fsck/repairs/words.js';
import type { Decision } from '../../fs/fsck/runner.js';
import type { Write } from '../../fs/media/sharedMemory.js';
import type { Style } from '../../ui/command.js';

/** One repair that was planned. */
export interface RepairRow {
  readonly id: RepairId;
  /** preen: -p makes it; ask: only -y or a yes does */
  readonly safety: Safety;
  readonly done: boolean;
  /** what must be given to make it; null: nothing is missing */
  readonly needs: string | null;
  /** codes of findings that it fixes */
  readonly fixes: readonly FindingCode[];
  /** its values; the fields depend on the id */
  readonly values: { readonly [name: string]: unknown };
  /** the values in words */
  readonly what: string;
  readonly writes: readonly WriteRow[];
}

/** Bytes that a repair or its undo writes. */
export interface WriteRow {
  /** of the daxdev */
  readonly path: string;
  /** bytes from the start of the daxdev */
  readonly deviceOffset: number;
  /** bytes */
  readonly length: number;
  readonly why: string;
}

export function repairRow({ repair, done }: Decision): RepairRow {
  const { id, safety, fixes, values, steps, needs = null } = repair;
  const writes = steps.flat().map(writeRow);
  return { id, safety, done, needs, fixes, values: { ...values }, what: actionOf(repair), writes };
}

export function writeRow(write: Write): WriteRow {
  const length = 'bytes' in write ? write.bytes.length : write.zeros;
  return { path: write.device.path, deviceOffset: write.offset, length, why: write.why };
}

export function repairLine({ repair, done }: Decision, style: Style): string {
  const { safety, needs } = repair;
  const what = actionOf(repair);
  if (done) return `${style.green('repaired')}: ${what}`;
  const would = `${safety === 'preen' ? '-p or -y' : '-y'} would ${what}`;
  return `${style.yellow('not repaired')}: ${would}${needs === undefined ? '' : `; that needs ${needs}`}`;
}
