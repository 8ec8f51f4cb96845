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

/** The reply of form v2, or the registration of form d, for one daxdev. */
interface Told {
  readonly daxdev: number;
  readonly uuid: string;
  readonly path: string | null;
  readonly reply?: Buffer | undefined;
  /** form d: the id that its maps name it by */
  readonly backingId?: number;
  readonly findings: readonly KernelFinding[];
}

/** The GET_DAXDEV reply for each daxdev; there is none for one that is not here, or whose path does not fit. */
export function repliesV2(rows: readonly MemberRow[], revision: V2Revision): Result {
  const told = rows.map((row): Told => {
    const findings = v2DaxdevFindings(toldOf(row), revision);
    const canBe = row.path !== null && findings.every(({ rule }) => rule !== 'DAXDEV_NAME');
    const reply = canBe ? encodeGetDaxdev(row.daxdev, row.path ?? '') : undefined;
    return { ...identity(row), reply, findings };
  });
  return {
    data: { form: 'v2', daxdevs: told.map(({ reply, ...rest }) => ({ ...rest, hex: reply?.toString('hex') ?? null })) },
    text: (style) => lines(told, style, ({ reply }) => (reply === undefined ? [] : hexDump(reply))),
  };
}

/** The registration of each daxdev with the fuse device: an open descriptor of the path, and the id. */
export function registrationsD(rows: readonly MemberRow[]): Result {
  const told = rows.map((row): Told => {
    const backingId = daxdevBackingId(row.daxdev);
    return { ...identity(row), backingId, findings: dDaxdevFindings(toldOf(row)) };
  });
  const fields = { padding: 0, spare: [0, 0] };
  return {
    data: { form: 'd', daxdevs: told.map(({ reply: _, ...rest }) => ({ ...rest, ...fields })) },
    text: (style) =>
      lines(told, style, ({ backingId, path }) => [
        `fd of ${path ?? '-'}, padding 0, backing id ${backingId}, spare 0 0`,
      ]),
  };
}

function identity({ daxdev, uuid, path }: MemberRow): Pick<Told, 'daxdev' | 'uuid' | 'path'> {
  return { daxdev, uuid, path };
}

function toldOf({ daxdev, path }: MemberRow): ToldDaxdev {
  const isDevice = path !== null && (statSync(path, { throwIfNoEntry: false })?.isCharacterDevice() ?? false);
  return { index: daxdev, path: path ?? undefined, isDevice };
}

function* lines(told: readonly Told[], style: Style, show: (one: Told) => Iterable<string>): Generator<string> {
  for (const one of told) {
    yield style.bold(`daxdev ${one.daxdev}: ${one.path ?? 'not here'}`);
    for (const line of show(one)) yield `  ${line}`;
    yield* findingLines(one.findings, style);
  }
}
