/** How kernels are told of the daxdevs of a pool: GET_DAXDEV replies and registrations, as daxdev list prints them. */
import { statSync } from 'node:fs';
import { daxdevBackingId } from '../../format/kernel/d.js';
import { dDaxdevFindings, type ToldDaxdev, v2DaxdevFindings } from '../../format/kernel/daxdevRules.js';
import { encodeGetDaxdev } from '../../format/kernel/getDaxdev.js';
import type { KernelFinding } from '../../format/kernel/rules.js';
import type { V2Revision } from '../../format/kernel/v2Rules.js';
import type { Result, Style } from '../../ui/command.js';
import { hexDump } from '../../ui/hexDump.js';
import { findingLines } from './kernelForms.js';
import type { MemberRow } from './member.js';

/** The GET_DAXDEV replies of form v2. */
export interface RepliesDocument {
  readonly form: 'v2';
  readonly daxdevs: readonly ReplyRow[];
}

interface DaxdevFindings extends Pick<MemberRow, 'daxdev' | 'uuid' | 'path'> {
  readonly findings: readonly KernelFinding[];
}

interface ReplyRow extends DaxdevFindings {
  /** the bytes, two digits each; null where there is no reply */
  readonly hex: string | null;
}

/** The registrations of form d. */
export interface RegistrationsDocument {
  readonly form: 'd';
  readonly daxdevs: readonly RegistrationRow[];
}

interface RegistrationRow extends DaxdevFindings {
  /** by which maps name the daxdev */
  readonly backingId: number;
  readonly padding: number;
  readonly spare: readonly number[];
}

/** The GET_DAXDEV reply for each daxdev; there is none for one that is not here, or whose path does not fit. */
export function repliesV2(rows: readonly MemberRow[], revision: V2Revision): Result<RepliesDocument> {
  const replies = rows.map((row): ReplyRow => {
    const findings = v2DaxdevFindings(toldOf(row), revision);
    const fits = row.path !== null && findings.every(({ rule }) => rule !== 'DAXDEV_NAME');
    const hex = fits ? encodeGetDaxdev(row.daxdev, row.path ?? '').toString('hex') : null;
    return { ...identity(row), hex, findings };
  });
  return {
    data: { form: 'v2', daxdevs: replies },
    text: (style) => lines(replies, style, ({ hex }) => (hex === null ? [] : hexDump(Buffer.from(hex, 'hex')))),
  };
}

/** The registration of each daxdev with the fuse device: an open descriptor of the path, and the id. */
export function registrationsD(rows: readonly MemberRow[]): Result<RegistrationsDocument> {
  const registrations = rows.map((row): RegistrationRow => {
    const findings = dDaxdevFindings(toldOf(row));
    return { ...identity(row), backingId: daxdevBackingId(row.daxdev), padding: 0, spare: [0, 0], findings };
  });
  return {
    data: { form: 'd', daxdevs: registrations },
    text: (style) =>
      lines(registrations, style, ({ backingId, path }) => [
        `fd of ${path ?? '-'}, padding 0, backing id ${backingId}, spare 0 0`,
      ]),
  };
}

function identity({ daxdev, uuid, path }: MemberRow): Pick<MemberRow, 'daxdev' | 'uuid' | 'path'> {
  return { daxdev, uuid, path };
}

function toldOf({ daxdev, path }: MemberRow): ToldDaxdev {
  const isDevice = path !== null && (statSync(path, { throwIfNoEntry: false })?.isCharacterDevice() ?? false);
  return { index: daxdev, path: path ?? undefined, isDevice };
}

function* lines<Row extends DaxdevFindings>(
  rows: readonly Row[],
  style: Style,
  show: (row: Row) => Iterable<string>,
): Generator<string> {
  for (const row of rows) {
    yield style.bold(`daxdev ${row.daxdev}: ${row.path ?? 'not here'}`);
    for (const line of show(row)) yield `  ${line}`;
    yield* findingLines(row.findings, style);
  }
}
