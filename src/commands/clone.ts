import { randomInt } from 'node:crypto';
import { counted } from '../format/counted.js';
import { DEFAULT_CHUNK } from '../format/interleave.js';
import type { Policy } from '../fs/allocate/placement.js';
import { type ClonePlan, clone, planClone } from '../fs/clone/clone.js';
import { FamfsError } from '../fs/errors.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { humanBytes } from '../ui/units.js';
import { allocUnitOption } from './options/allocUnit.js';
import { deviceOptions, withVolume } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';
import { labelOption, refuseLabel } from './options/label.js';
import { layoutOptions } from './options/layout.js';
import { configured } from './options/settings.js';
import { type NewMemberRow, newMemberRow } from './output/member.js';
import {
  type FileRow,
  runTransfer,
  type TransferDocument,
  threadOptions,
  withControl,
} from './transfer/runTransfer.js';

export interface CloneDocument extends TransferDocument<FileRow>, ClonedRow {}

interface ClonedRow {
  /** of the new file system */
  readonly fsUuid: string;
  /** of the new file system; null: none */
  readonly label: string | null;
  /** bytes */
  readonly logLength: number;
  /** bytes */
  readonly allocationUnit: number;
  /** of the new file system, the primary first */
  readonly daxdevs: readonly NewMemberRow[];
  /** number of directories */
  readonly directories: number;
  /** false with --dry-run */
  readonly written: boolean;
}

export const command = defineCommand({
  name: 'clone',
  group: 'Move data',
  summary: 'copy a whole file system into a new one',
  details: [
    'Makes a file system on the daxdevs that --to names, the first of them its primary, and copies everything into it: names, owners, ' +
      'modes and the bytes of all files, from memory to memory, each read again and compared. The new one may have another size, ' +
      'another number of daxdevs, a longer log and other layouts, so this is what to do when the log is full. The old one is only read.',
    'Space and log entries for all files are found before anything is written. A file appears when all its bytes are there. What cannot ' +
      'be read is reported, the rest is copied, and the exit code is 1. If it is stopped, the new file system is sound but lacks files: ' +
      'run it again with --force, which makes it again.',
    'Nobody should write to the old file system meanwhile: files made after the start are not copied, and bytes that change make the ' +
      'comparison fail.',
  ],
  examples: [
    { command: 'famfs clone --loglen 256M --to /dev/dax4.0', explains: 'the same files, and room for 493,447' },
    {
      command: 'famfs clone --dev old.img --stripes 2 --to a.img --to b.img',
      explains: 'interleave all files that are large enough over two daxdevs',
    },
  ],
  args: [],
  options: {
    to: {
      type: 'string',
      value: 'DEV',
      completes: 'daxdev',
      repeat: true,
      summary: 'daxdev or image of the new file system',
    },
    loglen: {
      type: 'size',
      short: 'l',
      value: 'SIZE',
      summary: 'length of the new log, a power of two from 8M',
      details: 'The default is that of the old log, doubled as long as less than half of it would be free.',
    },
    ...allocUnitOption,
    label: {
      ...labelOption,
      summary: 'name of the new file system, which has none otherwise',
      details: `The label of the old one stays with the old one, so that --dev LABEL=NAME means one of them. ${labelOption.details}`,
    },
    stripes: { ...layoutOptions.stripes, summary: 'interleave all files over N strips, and new ones by default' },
    chunk: { ...layoutOptions.chunk, details: 'Needs --stripes. The default is 2M.' },
    policy: layoutOptions.policy,
    force: {
      type: 'count',
      short: 'f',
      summary: 'replace what is on the daxdevs; twice to replace a famfs of another host',
    },
    ...dryRunOption,
    ...threadOptions,
    ...deviceOptions,
  },
  seeAlso: ['mkfs', 'cp', 'daxdev add'],
  changes: true,
  async run(context, _args, { to, dev, threads, dryRun = false, ...options }): Promise<Result<CloneDocument>> {
    const { stripes, chunk, loglen, allocUnit, force, label } = options;
    if (to.length === 0) throw new UsageError('no daxdev for the new file system is named', 'name it with --to DEV');
    if (chunk !== undefined && stripes === undefined)
      throw new UsageError('--chunk needs --stripes', 'give the number of strips too');
    if (label !== undefined) refuseLabel(label);
    const interleave = stripes === undefined ? undefined : { stripes, chunkSize: chunk ?? DEFAULT_CHUNK };
    const policy =
      options.policy ?? (configured(context, 'interleave.policy', layoutOptions.policy) as Policy | undefined);
    let row: ClonedRow | undefined;
    const { data, exitCode, text } = await runTransfer(context, dryRun ? 'would copy' : 'copied', (failures) =>
      withVolume(context, dev, async (source) => {
        const plan = planClone(source, to, {
          ...{ logLength: loglen, unit: allocUnit, label, force, dryRun, interleave, seed: randomInt(2 ** 32) },
          defaults: interleave ?? source.defaultInterleave,
          policy: policy ?? 'random',
        });
        row = clonedRow(plan);
        if (dryRun) return { files: Array.from(source.fileEntries(), ({ entry }) => rowOf(entry)), extra: row };
        return withControl(context, { label: 'copying', total: 2 * plan.bytes, threads }, async (control) => {
          const { made, results } = await clone(source, plan, control);
          for (const { error } of results) if (error !== undefined) failures.add(error);
          const files = results.filter(({ state }) => state === 'done').map(({ plan: { entry } }) => rowOf(entry));
          if (context.signal.aborted) failures.add(stopped(files.length, plan));
          row = clonedRow({ ...plan, made });
          return { files, extra: row };
        });
      }),
    );
    return {
      data,
      text: async (style) => [line(row as ClonedRow), ...((await text?.(style)) ?? [])],
      ...(exitCode !== undefined && { exitCode }),
    };
  },
});

function clonedRow({ made, directories }: ClonePlan): ClonedRow {
  const { fsUuid, label = null, logLength, unit, daxdevs, written } = made;
  const rows = daxdevs.map(newMemberRow);
  return { fsUuid, label, logLength, allocationUnit: unit, daxdevs: rows, directories, written };
}

function rowOf({ path, size }: FileRow): FileRow {
  return { path, size };
}

function stopped(done: number, { files, paths }: ClonePlan): FamfsError {
  return new FamfsError(
    'INCOMPLETE',
    `${done} of ${counted(files, 'file')} copied; the file system on ${paths[0]} lacks the others`,
    {
      hint: 'run the command again with --force: it makes that file system again',
      details: { done, planned: files },
    },
  );
}

function line({ fsUuid, daxdevs, logLength, directories, written }: ClonedRow): string {
  const paths = daxdevs.map(({ path }) => path).join(', ');
  const made = written ? 'made' : 'would be made';
  return `${paths}: famfs ${fsUuid} ${made}, log ${humanBytes(logLength)}, ${counted(directories, 'directory', 'directories')}`;
}
