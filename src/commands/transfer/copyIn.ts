/** Copying in: cp without --out. */
import { counted } from '../../format/counted.js';
import { makeRandom } from '../../fs/allocate/random.js';
import { FamfsError } from '../../fs/errors.js';
import { hostPathBytes } from '../../fs/host/hostPath.js';
import { unmappedOwner } from '../../fs/host/unmappedOwner.js';
import type { FillResult, InFile } from '../../fs/transfer/filePlan.js';
import { CopiedFiles, sortOut } from '../../fs/transfer/filled.js';
import { fillPlanned } from '../../fs/transfer/fillFiles.js';
import type { InOptions, InPlan, InTarget } from '../../fs/transfer/inPlan.js';
import { planContent, planIn, type SourceOperand } from '../../fs/transfer/planIn.js';
import { PseudoFiles } from '../../fs/transfer/pseudoFiles.js';
import { type WalkOptions, walkSource } from '../../fs/transfer/sourceTree.js';
import { openStream } from '../../fs/transfer/stream.js';
import type { Context, OptionValues, Result } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { type deviceOptions, withSession } from '../options/device.js';
import { warnOfKept, warnOfUnaligned } from '../options/kept.js';
import { layoutOf, type layoutOptions } from '../options/layout.js';
import { askedOwnerOf } from '../options/owner.js';
import { planOnly } from '../options/planOnly.js';
import { isRecursive, keepsOwner, type outOptions } from './copyOut.js';
import type { Failures } from './failures.js';
import {
  type FileRow,
  interruptedError,
  runTransfer,
  type TransferDocument,
  type TransferOutcome,
  type threadOptions,
  withControl,
} from './runTransfer.js';

const STREAM_MODE = 0o666;
/** Options without a meaning for a stream. */
const FILE_OPTIONS = ['recursive', 'archive', 'dereference', 'owner', 'threads'] as const;

type InValues = OptionValues<typeof outOptions & typeof threadOptions & typeof layoutOptions & typeof deviceOptions> & {
  readonly size: number | undefined;
  readonly dereference: boolean | undefined;
  readonly allowBytes: boolean | undefined;
  readonly dryRun: boolean | undefined;
  readonly mode: number | undefined;
  readonly uid: string | undefined;
  readonly gid: string | undefined;
};

export interface CopyInDocument extends TransferDocument<CopiedInRow> {
  readonly direction: 'in';
  /** number of directories that were made */
  readonly directories: number;
  /** false with --dry-run: `files` and `directories` are those that would be copied and made */
  readonly written: boolean;
}

export interface CopiedInRow extends FileRow {
  /** path on this host, or `standard input` */
  readonly source: string;
  /** true if it was overwritten in place */
  readonly existed: boolean;
}

/** Copies files of this host, or one stream, to a path of the file system. */
export async function copyIn(
  context: Context,
  operands: readonly string[],
  target: string,
  options: InValues,
): Promise<Result<CopyInDocument>> {
  const { size } = options;
  if (size !== undefined) return copyStream(context, operands, target, { ...options, size });
  if (operands.includes('-'))
    throw new UsageError(
      'the size of standard input is missing',
      "give it with -s SIZE; write a file called '-' as ./-",
    );
  return copyFiles(context, operands, target, options);
}

async function copyFiles(
  context: Context,
  operands: readonly string[],
  target: string,
  options: InValues,
): Promise<Result<CopyInDocument>> {
  const { dereference = false, verify = false } = options;
  const recursive = isRecursive(options);
  return runTransfer(context, verbOf(options), async (failures) => {
    const pseudoFiles = new PseudoFiles();
    const walk = { recursive, dereference, signal: context.signal, pseudoFiles, failed: failures.add };
    const sources = await findSources(context, operands, walk);
    const inOptions = { ...placementOptions(context, options), verify, failed: failures.add };
    return copyPlanned(context, (session: InTarget) => planIn(session, sources, target, inOptions), options, failures);
  });
}

async function findSources(context: Context, operands: readonly string[], walk: WalkOptions): Promise<SourceOperand[]> {
  const found: SourceOperand[] = [];
  for (const operand of operands) {
    found.push({ operand, sources: await walkSource(hostPathBytes(context, operand), walk) });
  }
  return found;
}

async function copyStream(
  context: Context,
  operands: readonly string[],
  target: string,
  options: InValues & { readonly size: number },
): Promise<Result<CopyInDocument>> {
  const [operand, second] = operands;
  if (operand === undefined || second !== undefined)
    throw new UsageError('-s is the size of a single SRC', 'name only one');
  if (options.verify) throw new UsageError('--verify needs files: a stream cannot be read twice', 'leave it out');
  const unused = FILE_OPTIONS.find((key) => options[key] !== undefined);
  if (unused !== undefined)
    throw new UsageError(
      `--${unused} and -s exclude each other`,
      '-s is for a stream, which becomes one file owned by you',
    );
  const stream = openStream(operand === '-' ? context.stdin.fd : hostPathBytes(context, operand));
  try {
    const { uid, gid } = context;
    const placement = placementOptions(context, options);
    const { override } = placement;
    const mode = override.mode ?? STREAM_MODE & ~context.umask;
    const owner = { uid: override.uid ?? uid, gid: override.gid ?? gid };
    const request = { path: target, size: options.size, mode, ...owner, requested: override };
    const from = { content: { from: 'stream', stream }, source: stream.name } as const;
    return await runTransfer(context, verbOf(options), (failures) =>
      copyPlanned(context, (session: InTarget) => planContent(session, request, from, placement), options, failures),
    );
  } finally {
    stream.close();
  }
}

function placementOptions(context: Context, options: InValues): Omit<InOptions, 'verify' | 'failed'> {
  const owner = keepsOwner(context, options);
  const caller = { uid: context.uid, gid: context.gid };
  const ownerAsked = owner && (options.owner ?? options.archive) !== undefined;
  const owners = { owner: owner ? undefined : caller, ownerAsked, caller, unmapped: unmappedOwner() };
  const { allocSeed, allowBytes = false } = options;
  const mode = options.mode === undefined ? undefined : options.mode & ~context.umask;
  const override = { ...askedOwnerOf(options.uid, options.gid), mode };
  return { layout: layoutOf(context, options), override, random: makeRandom(allocSeed), allowBytes, ...owners };
}

async function copyPlanned(
  context: Context,
  makePlan: (session: InTarget) => InPlan,
  { threads, verify, dev, dryRun = false }: InValues,
  failures: Failures,
): Promise<TransferOutcome<CopiedInRow, { direction: 'in'; directories: number; written: boolean }>> {
  const line = context.verbose ? ({ source, path }: CopiedInRow) => `${source} -> ${path}` : undefined;
  if (dryRun) {
    const { directories, files } = await planOnly(context, dev, makePlan);
    return {
      files: new CopiedFiles(files),
      extra: { direction: 'in', directories: directories.length, written: false },
      line,
      isPlan: true,
    };
  }
  const { plan, results } = await withSession(context, dev, async (session) => {
    const made = makePlan(session);
    warnOfKept(context, made);
    warnOfUnaligned(context, made);
    const { unknownOwners } = made;
    if (unknownOwners > 0)
      context.warn(
        'OWNER_UNKNOWN',
        `the owners of ${counted(unknownOwners, 'source')} are unknown here; the copies belong to you`,
      );
    const total = made.bytes * (verify ? 2 : 1);
    const filled = await withControl(context, { label: 'copying in', total, threads }, async (control) => {
      for (const directory of made.directories) session.append(directory);
      return fillPlanned(session, made.files, control);
    });
    return { plan: made, results: filled };
  });
  const { done: files, others } = sortOut(results);
  for (const result of others) for (const error of fillErrors(result)) failures.add(error);
  if (context.signal.aborted)
    failures.add(interruptedError(files.length, plan.fileCount, 'none of the other new files was made'));
  return { files, extra: { direction: 'in', directories: plan.directories.length, written: true }, line };
}

function verbOf({ dryRun }: InValues): string {
  return dryRun ? 'would copy' : 'copied';
}

function fillErrors({ plan, state, error }: FillResult<InFile>): FamfsError[] {
  const errors = error === undefined ? [] : [error];
  if (state !== 'incomplete') return errors;
  const { path } = plan.entry;
  const message = `${path} is incomplete: it existed before, and now some of its bytes come from ${plan.source}`;
  return [...errors, new FamfsError('INCOMPLETE', message, { hint: 'copy it again', details: { path } })];
}
