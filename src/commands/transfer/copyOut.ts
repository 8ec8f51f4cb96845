/** Copying out: what cp --out and get do. */
import { resolve } from 'node:path';
import { FamfsError } from '../../fs/errors.js';
import { type CopiedOut, copyOutOf } from '../../fs/transfer/copyOut.js';
import { placeText } from '../../fs/transfer/failures.js';
import { planOut } from '../../fs/transfer/planOut.js';
import type { Context, OptionValues, Result } from '../../ui/command.js';
import { type deviceOptions, withVolume } from '../options/device.js';
import { attended, Failures, type threadOptions } from './attend.js';
import { summaryText } from './summary.js';

export const outOptions = {
  recursive: { type: 'boolean', short: 'r', summary: 'copy directories with all that they hold' },
  verify: { type: 'boolean', summary: 'read back what was copied and compare' },
  owner: {
    type: 'boolean',
    summary: 'keep owner and group; --no-owner does not',
    details:
      'The default is to keep them where root copies, and else not. Without them, set-user-id bits are dropped on the way out.',
  },
  skipBad: {
    type: 'boolean',
    summary: 'with --out: go on where memory cannot be read, and list the holes',
    details: 'The holes read as zeros in the copy; the exit code is 1.',
  },
} as const;

type OutValues = OptionValues<typeof outOptions & typeof threadOptions & typeof deviceOptions>;

/** Copies paths of the file system to a path of this host. */
export async function copyOut(
  context: Context,
  paths: readonly string[],
  target: string,
  { recursive = false, verify = false, owner = context.uid === 0, skipBad = false, threads, dev }: OutValues,
): Promise<Result> {
  const failures = new Failures();
  const started = performance.now();
  const absolute = resolve(context.cwd, target) + (/[^/]\/+$/.test(target) ? '/' : '');
  try {
    const { fileCount, copied } = await withVolume(context, dev, async (volume) => {
      const plan = planOut(volume.replay.namespace, paths, absolute, recursive, failures.add);
      const shown = { label: 'copying out', total: plan.bytes * (verify ? 2 : 1), threads };
      const options = { skipBad, verify, keepOwner: owner, failed: failures.add };
      const files = await attended(context, shown, (attendant) => copyOutOf(volume, plan, attendant, options));
      return { fileCount: plan.fileCount, copied: files };
    });
    if (context.signal.aborted) failures.add(interrupted(copied.length, fileCount));
    for (const file of copied) for (const error of holeErrors(file)) failures.add(error);
    failures.report(context);
    context.signal.throwIfAborted();
    return toResult(copied, failures, (performance.now() - started) / 1000);
  } finally {
    failures.report(context);
  }
}

function interrupted(done: number, planned: number): FamfsError {
  return new FamfsError('INCOMPLETE', `${done} of ${planned} files are copied; of the others there is nothing`, {
    hint: 'run the command again for the rest',
    details: { done, planned },
  });
}

function holeErrors({ path, target, holes }: CopiedOut): FamfsError[] {
  return holes.map((hole) => {
    const message = `${path}: ${hole.length} bytes cannot be read at ${placeText(hole)}; they are a hole in ${target}`;
    return new FamfsError('POISON', message, { details: { path, target, ...hole } });
  });
}

function toResult(copied: readonly CopiedOut[], failures: Failures, seconds: number): Result {
  const bytes = copied.reduce((sum, { size }) => sum + size, 0);
  const files = copied.map(({ holes, ...file }) => ({
    ...file,
    holes: holes.map(({ fileOffset, length, daxdev, device, deviceOffset }) => ({
      fileOffset,
      length,
      daxdev,
      device,
      deviceOffset,
    })),
  }));
  return {
    data: { direction: 'out', files: files.values(), bytes, seconds, failures: failures.count },
    text: () => [summaryText('copied', copied.length, bytes, seconds)],
    exitCode: failures.exitCode,
  };
}
