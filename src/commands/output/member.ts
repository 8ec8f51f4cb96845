/** Daxdevs of a pool, in JSON and as rows of tables. Sizes in bytes. */

import type { Interleave } from '../../format/interleave.js';
import type { MemberSpace } from '../../fs/allocate/memberSpace.js';
import type { Member, MemberState } from '../../fs/pool/members.js';
import type { Column } from '../../ui/table.js';
import { humanBytes } from '../../ui/units.js';

/** The identity of a daxdev of a pool, and its place on this host. */
export interface MemberPlaceRow {
  /** index in the pool */
  readonly daxdev: number;
  readonly uuid: string;
  /** on this host; null if nothing here has the uuid */
  readonly path: string | null;
  readonly state: MemberState;
  /** bytes, as the log says; null: above 2^53-1 */
  readonly size: number | null;
}

export interface MemberRow extends MemberPlaceRow {
  /** bytes for files */
  readonly capacity: number;
  /** bytes */
  readonly used: number;
  /** bytes */
  readonly free: number;
  /** bytes */
  readonly largestHole: number;
}

/** A daxdev that joins a pool. */
export interface NewMemberRow {
  /** index in the pool */
  readonly daxdev: number;
  readonly uuid: string;
  readonly path: string;
  /** bytes */
  readonly size: number;
  /** its previous contents; null: none */
  readonly replaced: string | null;
}

/** The default layout of new files in a pool. */
export interface InterleaveRow {
  readonly stripes: number;
  /** bytes */
  readonly chunkSize: number;
}

export function interleaveRow(interleave: Interleave | undefined): InterleaveRow | null {
  return interleave === undefined ? null : { stripes: interleave.stripes, chunkSize: interleave.chunkSize };
}

export function newMemberRow(member: {
  readonly index: number;
  readonly uuid: string;
  readonly device: string;
  readonly size: number;
  readonly replaced: string | undefined;
}): NewMemberRow {
  const { index, uuid, device, size, replaced = null } = member;
  return { daxdev: index, uuid, path: device, size, replaced };
}

export function memberPlaceRow({ index, uuid, path, state, size }: Member): MemberPlaceRow {
  return { daxdev: index, uuid, path: path ?? null, state, size: Number.isFinite(size) ? size : null };
}

export function memberRow(member: MemberSpace): MemberRow {
  const { capacity, used, free, largestHole } = member;
  return { ...memberPlaceRow(member), capacity, used, free, largestHole };
}

const HEADINGS = {
  size: 'size',
  capacity: 'capacity',
  used: 'used',
  free: 'free',
  largestHole: 'largest hole',
} as const;

/** Columns of byte counts, which `human` prints as 1.5G. */
export function byteColumns(keys: readonly (keyof typeof HEADINGS)[], human: boolean): Column<MemberRow>[] {
  const format = (bytes: number | null) => (bytes === null ? '-' : human ? humanBytes(bytes) : String(bytes));
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

/** A line for each daxdev of a pool of several; a single daxdev needs none. */
export function* memberLines(members: readonly MemberSpace[]): Generator<string> {
  if (members.length < 2) return;
  for (const { index, state, path, used, capacity } of members) {
    const where = state === 'present' ? path : `${state}${path === undefined ? '' : ` (${path})`}`;
    yield `daxdev ${index}: ${where}, ${humanBytes(used)} of ${humanBytes(capacity)} used`;
  }
}
