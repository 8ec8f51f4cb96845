/** How a daxdev of a pool is described, in JSON and as a row. Sizes in bytes. */

import type { MemberSpace } from '../../fs/allocate/memberSpace.js';
import type { MemberState } from '../../fs/pool/members.js';
import type { Column } from '../../ui/table.js';
import { humanBytes } from '../../ui/units.js';

export interface MemberRow {
  readonly daxdev: number;
  readonly uuid: string;
  /** null when it is not here */
  readonly path: string | null;
  readonly state: MemberState;
  readonly size: number;
  readonly capacity: number;
  readonly used: number;
  readonly free: number;
  readonly largestHole: number;
}

export function memberRow(member: MemberSpace): MemberRow {
  const { index, uuid, path, state, size, capacity, used, free, largestHole } = member;
  return { daxdev: index, uuid, path: path ?? null, state, size, capacity, used, free, largestHole };
}

const HEADINGS = {
  size: 'size',
  capacity: 'capacity',
  used: 'used',
  free: 'free',
  largestHole: 'largest hole',
} as const;

/** Columns of byte counts, which `human` writes as 1.5G. */
export function byteColumns(keys: readonly (keyof typeof HEADINGS)[], human: boolean): Column<MemberRow>[] {
  const format = human ? humanBytes : String;
  return keys.map((key) => ({ key, label: HEADINGS[key], align: 'right', format }));
}

export const indexColumn: Column<MemberRow> = { key: 'daxdev', label: 'daxdev', align: 'right' };
export const stateColumn: Column<MemberRow> = {
  key: 'state',
  label: 'state',
  paint: (text, style) => (text === 'present' ? text : style.red(text)),
};
export const pathColumn: Column<MemberRow> = { key: 'path', label: 'path', format: (path) => path ?? '-' };
export const uuidColumn: Column<MemberRow> = { key: 'uuid', label: 'uuid' };

/** A line for each daxdev of a pool of several; of one there is nothing to add. */
export function* memberLines(members: readonly MemberSpace[]): Generator<string> {
  if (members.length < 2) return;
  for (const { index, state, path, used, capacity } of members) {
    const where = state === 'present' ? path : `${state}${path === undefined ? '' : ` (${path})`}`;
    yield `daxdev ${index}: ${where}, ${humanBytes(used)} of ${humanBytes(capacity)} used`;
  }
}
