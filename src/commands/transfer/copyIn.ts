/** Copying in: what cp does without --out. */
import { resolve } from 'node:path';
import { makeRandom } from '../../fs/allocate/random.js';
import { FamfsError } from '../../fs/errors.js';
import type { WriteSession } from '../../fs/pool/writeSession.js';
import type { Attendant } from '../../fs/transfer/bulkWork.js';
import { fromStream } from '../../fs/transfer/fillers.js';
import { type Filled, fillFiles } from '../../fs/transfer/fillFiles.js';
import { type Found, type InFile, type InOptions, type InPlan, planIn, planStream } from '../../fs/transfer/planIn.js';
import { type Source, walkSource } from '../../fs/transfer/sourceTree.js';
import { openStream } from '../../fs/transfer/stream.js';
import type { Context, OptionValues, Result } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { type deviceOptions, withSession } from '../options/device.js';
import { layoutOf, type layoutOptions } from '../options/layout.js';
import { attended, Failures, type threadOptions } from './attend.js';
import type { outOptions } from './copyOut.js';
import { summaryText } from './summary.js';

const STREAM_MODE = 0o666;

type InValues = OptionValues<typeof outOptions & typeof threadOptions & typeof layoutOptions & typeof deviceOptions> & {
  readonly size: number | undefined;
  readonly dereference: boolean | undefined;
};

/** Copies files of this host, or one stream, to a path of the file system. */
export async function copyIn(
  context: Context,
  sources: readonly string[],
  target: string,
  options: InValues,
): Promise<Result> {
  const failures = new Failures();
  try {
    const { size } = options;
    if (size !== undefined) return await copyStream(context, sources, target, { ...options, size }, failures);
    if (sources.includes('-'))
      throw new UsageError('the size of standard input is missing', "give it with -s SIZE; a file called '-' is ./-");
    return await copyFiles(context, sources, target, options, failures);
  } finally {
    failures.report(context);
  }
}

async function copyFiles(
  context: Context,
  named: readonly string[],
  target: string,
  options: InValues,
  failures: Failures,
): Promise<Result> {
  const { recursive = false, dereference = false, verify = false } = options;
  const walk = { recursive, dereference, signal: context.signal, failed: failures.add };
  const found: Found[] = [];
  for (const path of named) {
    const sources: Source[] = [];
    for await (const source of walkSource(Buffer.from(resolve(context.cwd, path)), walk)) sources.push(source);
    found.push({ named: path, sources });
  }
  const inOptions = { ...placing(context, options), verify, failed: failures.add };
  const plan = (session: WriteSession) => planIn(session, found, target, inOptions);
  return copyPlanned(context, plan, options, failures);
}

async function copyStream(
  context: Context,
  named: readonly string[],
  target: string,
  options: InValues & { readonly size: number },
  failures: Failures,
): Promise<Result> {
  const [path, second] = named;
  if (path === undefined || second !== undefined) throw new UsageError('-s is the size of one SRC', 'name only one');
  if (options.verify) throw new UsageError('--verify needs files, a stream cannot be read twice', 'leave it out');
  const stream = openStream(path === '-' ? context.stdin.fd : resolve(context.cwd, path));
  try {
    const file = { size: options.size, mode: STREAM_MODE & ~context.umask };
    const filler = fromStream(stream.fd, stream.name, stream.endless);
    const plan = (session: WriteSession) =>
      planStream(
        session,
        target,
        { ...file, name: stream.name, uid: context.uid, gid: context.gid, filler },
        placing(context, options),
      );
    return await copyPlanned(context, plan, options, failures);
  } finally {
    stream.close();
  }
}

function placing(context: Context, options: InValues): Pick<InOptions, 'layout' | 'random' | 'owner'> {
  const { owner = context.uid === 0, allocSeed } = options;
  const own = { uid: context.uid, gid: context.gid };
  return { layout: layoutOf(context, options), random: makeRandom(allocSeed), owner: owner ? undefined : own };
}

async function copyPlanned(
  context: Context,
  makePlan: (session: WriteSession) => InPlan,
  { threads, verify, dev }: InValues,
  failures: Failures,
): Promise<Result> {
  const started = performance.now();
  const { plan, filled } = await withSession(context, dev, async (session) => {
    const made = makePlan(session);
    const total = made.files.reduce((sum, { entry }) => sum + entry.size, 0) * (verify ? 2 : 1);
    const copy = async (attendant: Attendant) => {
      for (const directory of made.directories) session.append(directory);
      return fillFiles(session, made.files, attendant);
    };
    return { plan: made, filled: await attended(context, { label: 'copying in', total, threads }, copy) };
  });
  collectFailures(filled, failures);
  if (context.signal.aborted) failures.add(interrupted(filled));
  failures.report(context);
  context.signal.throwIfAborted();
  return toResult(plan, filled, failures, (performance.now() - started) / 1000);
}

function collectFailures(filled: readonly Filled<InFile>[], failures: Failures): void {
  for (const { filling, state, error } of filled) {
    if (error !== undefined) failures.add(error);
    if (state !== 'incomplete') continue;
    const { path } = filling.entry;
    const message = `${path} is incomplete: it existed before, and some of its bytes are now those of ${filling.source}`;
    failures.add(new FamfsError('INCOMPLETE', message, { hint: 'copy it again', details: { path } }));
  }
}

function interrupted(filled: readonly Filled<InFile>[]): FamfsError {
  const done = filled.filter(({ state }) => state === 'done').length;
  const message = `${done} of ${filled.length} files are copied; of new ones among the others there is nothing`;
  return new FamfsError('INCOMPLETE', message, {
    hint: 'run the command again for the rest',
    details: { done, planned: filled.length },
  });
}

function toResult(plan: InPlan, filled: readonly Filled<InFile>[], failures: Failures, seconds: number): Result {
  const files = filled
    .filter(({ state }) => state === 'done')
    .map(({ filling: { source, entry, isNew } }) => ({ source, path: entry.path, size: entry.size, existed: !isNew }));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const directories = plan.directories.length;
  return {
    data: { direction: 'in', files: files.values(), directories, bytes, seconds, failures: failures.count },
    text: () => [summaryText('copied', files.length, bytes, seconds)],
    exitCode: failures.exitCode,
  };
}
