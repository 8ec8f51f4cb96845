/** The messages that kernels get for the daxdevs of a pool, as daxdev list prints them. */
import { statSync } from 'node:fs';
import type { HostDaxdev } from '../../format/kernel/daxdevForm.js';
import { type DaxdevMessageRow, type KernelFormName, kernelForm } from '../../format/kernel/forms.js';
import type { KernelFinding } from '../../format/kernel/rule.js';
import type { Result, Style } from '../../ui/command.js';
import { hexDump } from '../../ui/hexDump.js';
import { findingLines } from './kernelFinding.js';
import type { MemberRow } from './member.js';

/** The message that a kernel gets for each daxdev. */
export interface KernelDaxdevsDocument {
  readonly form: KernelFormName;
  readonly daxdevs: readonly KernelDaxdevRow[];
}

type KernelDaxdevRow = DaxdevMessageRow & DaxdevFindings;

interface DaxdevFindings extends Pick<MemberRow, 'daxdev' | 'uuid' | 'path'> {
  readonly findings: readonly KernelFinding[];
}

/** The message that a kernel gets for each daxdev, and its objections. */
export function kernelDaxdevs(
  form: KernelFormName,
  rows: readonly MemberRow[],
  revision: string | undefined,
): Result<KernelDaxdevsDocument> {
  const { daxdevs } = kernelForm(form);
  const messages = rows.map((row) => ({ ...daxdevs.message(hostDaxdev(row), revision), place: row }));
  return {
    data: {
      form,
      daxdevs: messages.map(({ row, findings, place: { daxdev, uuid, path } }) => {
        return { daxdev, uuid, path, ...row, findings };
      }),
    },
    *text(style) {
      for (const { place, lines, image, findings } of messages)
        yield* daxdevLines(place, lines ?? (image && hexDump(image)) ?? [], findings, style);
    },
  };
}

function hostDaxdev({ daxdev, path }: MemberRow): HostDaxdev {
  const isDevice = path !== null && (statSync(path, { throwIfNoEntry: false })?.isCharacterDevice() ?? false);
  return { daxdev, path: path ?? undefined, isDevice };
}

function* daxdevLines(
  { daxdev, path }: MemberRow,
  sent: Iterable<string>,
  findings: readonly KernelFinding[],
  style: Style,
): Generator<string> {
  yield style.bold(`daxdev ${daxdev}: ${path ?? 'not on this host'}`);
  for (const line of sent) yield `  ${line}`;
  yield* findingLines(findings, style);
}
