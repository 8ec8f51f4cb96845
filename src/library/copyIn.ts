/** Copying into a file system: from files of this host, and from bytes of this process. */
import { makeRandom } from '../fs/allocate/random.js';
import { FamfsError } from '../fs/errors.js';
import { hostPathBytes } from '../fs/host/hostPath.js';
import { unmappedOwner } from '../fs/host/unmappedOwner.js';
import type { WriteSession } from '../fs/pool/writeSession.js';
import { sortOut } from '../fs/transfer/filled.js';
import { fillPlanned } from '../fs/transfer/fillFiles.js';
import type { InOptions, InPlan } from '../fs/transfer/inPlan.js';
import { planContent, planIn } from '../fs/transfer/planIn.js';
import { PseudoFiles } from '../fs/transfer/pseudoFiles.js';
import { walkSource } from '../fs/transfer/sourceTree.js';
import type { TransferControl } from '../fs/transfer/transferFile.js';
import { usage } from './failures.js';
import { attributesOf, caller, layoutOf } from './newFile.js';
import type { Bytes, CopyOptions, Source } from './session.js';

export type FillControl = TransferControl;

const FILE_MODE = 0o644;

/** Options that mean nothing for bytes. */
const OF_FILES = ['recursive', 'dereference', 'keepOwner', 'verify', 'threads'] as const;

/** Copies, and returns the paths of the files that are done. Throws as FamfsSession.cp does. */
export async function copyIn(
  session: WriteSession,
  source: Source,
  target: string,
  options: CopyOptions,
  control: FillControl,
): Promise<string[]> {
  control.signal.throwIfAborted();
  const failed: FamfsError[] = [];
  const plan =
    typeof source === 'string'
      ? await planFiles(session, source, target, options, control.signal, (error) => failed.push(error))
      : planBytes(session, source, target, options);
  // one thing to copy, and not even that
  const isAlone = plan.fileCount + plan.directories.length + failed.length === 1;
  if (isAlone && failed[0] !== undefined) throw failed[0];
  for (const directory of plan.directories) session.append(directory);
  const results = await fillPlanned(session, plan.files, control);
  control.signal.throwIfAborted();
  const { done, others } = sortOut(results);
  for (const { error } of others) if (error !== undefined) failed.push(error);
  if (isAlone && failed[0] !== undefined) throw failed[0];
  if (failed.length > 0) throw incomplete(failed, plan.fileCount);
  return Array.from(done, ({ path }) => path);
}

function incomplete(failed: readonly FamfsError[], planned: number): FamfsError {
  const [first] = failed;
  return new FamfsError('INCOMPLETE', `some of the files were not copied: ${first?.message}`, {
    hint: 'details.failed lists what went wrong',
    details: { failed: failed.map((error) => error.toJSON()), planned },
    cause: first,
  });
}

async function planFiles(
  session: WriteSession,
  source: string,
  target: string,
  options: CopyOptions,
  signal: AbortSignal,
  failed: (error: FamfsError) => void,
): Promise<InPlan> {
  if (options.size !== undefined)
    throw usage(`${source} is the path of a file, which has its own size`, 'leave out size');
  const { recursive = false, dereference = false, keepOwner = false, verify = false } = options;
  const walk = { recursive, dereference, signal, pseudoFiles: new PseudoFiles(), failed };
  const sources = await walkSource(hostPathBytes(session.volume.host, source), walk);
  const own = caller();
  return planIn(session, [{ operand: source, sources }], target, {
    ...placementOf(options),
    override: attributesOf(options, 0).requested,
    owner: keepOwner ? undefined : own,
    ownerAsked: false,
    caller: own,
    unmapped: unmappedOwner(),
    verify,
    failed,
  });
}

function planBytes(session: WriteSession, bytes: Bytes, target: string, options: CopyOptions): InPlan {
  const idle = OF_FILES.find((name) => options[name] !== undefined);
  if (idle !== undefined) throw usage(`${idle} is for files of this host, and the source is bytes`, 'leave it out');
  const whole = bytes instanceof Uint8Array ? bytes : undefined;
  const size = options.size ?? whole?.length;
  if (size === undefined)
    throw usage(
      `${target}: the size of the file is missing`,
      'a file of famfs has its size from the start: give size, in bytes',
    );
  const request = { path: target, size, ...attributesOf(options, FILE_MODE) };
  const content = {
    from: 'chunks',
    chunks: whole === undefined ? (bytes as Exclude<Bytes, Uint8Array>) : [whole],
  } as const;
  return planContent(session, request, { content, source: 'bytes' }, placementOf(options));
}

function placementOf(options: CopyOptions): Pick<InOptions, 'layout' | 'random' | 'allowBytes'> {
  const { seed, allowBytes = false } = options;
  return { layout: layoutOf(options), random: makeRandom(seed), allowBytes };
}
