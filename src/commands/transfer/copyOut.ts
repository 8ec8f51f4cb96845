/** Copying out: cp --out and get. */
import { FamfsError } from '../../fs/errors.js';
import { hostPathBytes } from '../../fs/host/hostPath.js';
import { type CopiedFile, copyOutOf } from '../../fs/transfer/copyOut.js';
import { placeText } from '../../fs/transfer/failures.js';
import { planOut } from '../../fs/transfer/planOut.js';
import { previewOut } from '../../fs/transfer/previewOut.js';
import type { Context, OptionValues, Result } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { longName } from '../../ui/optionNames.js';
import { type deviceOptions, withVolume } from '../options/device.js';
import { dryRunOption } from '../options/dryRun.js';
import { writeToOutput } from './output.js';
import {
  type FileRow,
  interruptedError,
  runTransfer,
  type TransferDocument,
  threadOptions,
  withControl,
} from './runTransfer.js';

export const outOptions = {
  recursive: {
    type: 'boolean',
    short: 'r',
    shortAliases: ['R'],
    summary: 'copy directories with everything in them',
  },
  archive: {
    type: 'boolean',
    short: 'a',
    summary: 'the same as -r -p',
    details: 'Times are not kept, since famfs stores none, and symbolic links are refused as with -r.',
  },
  verify: {
    type: 'boolean',
    short: 'c',
    aliases: ['compare'],
    summary: 'read back what was copied and compare',
  },
  owner: {
    type: 'boolean',
    short: 'p',
    summary: 'keep owner and group; --no-owner drops them',
    details:
      'By default, they are kept only if root copies. Permission bits are always kept. Without the owners, set-user-id bits are dropped on the way out.',
  },
  skipBad: {
    type: 'boolean',
    summary: 'with --out: continue after memory that cannot be read, and list the holes',
    details: 'The holes read as zeros in the copy; the exit code is 1.',
  },
} as const;

const { dryRun } = dryRunOption;
/** Options without a meaning if standard output is the target. */
const fileOptions = { ...outOptions, dryRun, threads: threadOptions.threads };
const FILE_OPTIONS = ['recursive', 'archive', 'verify', 'owner', 'dryRun', 'threads'] as const;

type OutValues = OptionValues<typeof outOptions & typeof dryRunOption & typeof threadOptions & typeof deviceOptions>;

export interface CopyOutDocument extends TransferDocument<CopiedFileRow> {
  readonly direction: 'out';
  /** false with --dry-run: `files` are those that would be copied */
  readonly written: boolean;
}

export interface CopiedFileRow extends FileRow {
  /** path of the copy on this host */
  readonly target: string;
  /** with --skip-bad: memory that could not be read; zeros in the copy */
  readonly holes: readonly HoleRow[];
}

interface HoleRow {
  readonly fileOffset: number;
  /** bytes */
  readonly length: number;
  /** index in the pool */
  readonly daxdev: number;
  /** path of the daxdev */
  readonly device: string;
  readonly deviceOffset: number;
}

/** Copies paths of the file system to a path of this host, or to standard output, which is `-`. */
export async function copyOut(
  context: Context,
  paths: readonly string[],
  target: string,
  options: OutValues,
): Promise<Result<CopyOutDocument>> {
  if (target !== '-') return copyToHost(context, paths, target, options);
  const unused = FILE_OPTIONS.find((key) => options[key] !== undefined);
  if (unused !== undefined)
    throw new UsageError(
      `--${longName(unused, fileOptions[unused])} and standard output exclude each other`,
      "write a file called '-' as ./-",
    );
  const { dev, skipBad = false } = options;
  const exitCode = await writeToOutput(context, paths, { dev, skipBad });
  // not written, because --json is refused
  const data = { direction: 'out', written: true, files: [], bytes: 0, seconds: 0, failed: [] } as const;
  return { data, text: () => [], exitCode };
}

async function copyToHost(
  context: Context,
  paths: readonly string[],
  target: string,
  options: OutValues,
): Promise<Result<CopyOutDocument>> {
  const { verify = false, skipBad = false, dryRun: isPlan = false, threads, dev } = options;
  const recursive = isRecursive(options);
  const end = Buffer.from(/[^/]\/+$/.test(target) ? '/' : '');
  const absolute = Buffer.concat([hostPathBytes(context, target), end]);
  const line = copiedLine(context.verbose);
  if (isPlan)
    return runTransfer(context, 'would copy', async (failures) => {
      const files = await withVolume(context, dev, (volume) =>
        previewOut(volume, planOut(volume.replay.namespace, paths, absolute, recursive, failures.add), failures.add),
      );
      const extra = { direction: 'out', written: false } as const;
      return { files: files.map(copiedFileRow), extra, line, isPlan };
    });
  return runTransfer(context, 'copied', async (failures) => {
    let lost = 0;
    const { plan, copied } = await withVolume(context, dev, async (volume) => {
      const made = planOut(volume.replay.namespace, paths, absolute, recursive, failures.add);
      const progress = { label: 'copying out', total: made.bytes * (verify ? 2 : 1), threads };
      const ownerLost = () => {
        lost++;
      };
      const keepOwner = keepsOwner(context, options);
      const how = { skipBad, verify, keepOwner, ownerLost, failed: failures.add };
      const files = await withControl(context, progress, (control) => copyOutOf(volume, made, control, how));
      return { plan: made, copied: files };
    });
    if (lost > 0)
      context.warn('OWNER_LOST', `${lost} of the copies belong to you: the system did not allow their owners`);
    if (context.signal.aborted)
      failures.add(interruptedError(copied.length, plan.fileCount, 'the others left nothing'));
    for (const error of copied.flatMap(holeErrors)) failures.add(error);
    return { files: copied.map(copiedFileRow), extra: { direction: 'out', written: true }, line };
  });
}

/** -r, or implied by -a. */
export function isRecursive({ recursive, archive }: OptionValues<typeof outOptions>): boolean {
  return recursive ?? archive ?? false;
}

/** -p, or implied by -a; by default root keeps owners. */
export function keepsOwner({ uid }: Context, { owner, archive }: OptionValues<typeof outOptions>): boolean {
  return owner ?? archive ?? uid === 0;
}

function copiedLine(verbose: boolean): ((file: CopiedFileRow) => string) | undefined {
  return verbose ? ({ path, target }) => `${path} -> ${target}` : undefined;
}

function holeErrors({ path, target, holes }: CopiedFile): FamfsError[] {
  return holes.map((hole) => {
    const message = `${path}: ${hole.length} bytes cannot be read at ${placeText(hole)}; they are a hole in ${target}`;
    return new FamfsError('POISON', message, { details: { path, target, ...hole } });
  });
}

function copiedFileRow({ holes, ...file }: CopiedFile): CopiedFileRow {
  const places = holes.map(({ fileOffset, length, daxdev, device, deviceOffset }) => ({
    fileOffset,
    length,
    daxdev,
    device,
    deviceOffset,
  }));
  return { ...file, holes: places };
}
