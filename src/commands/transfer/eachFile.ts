/** Commands that do one thing to each file that is named: verify, flush. */
import { FamfsError } from '../../fs/errors.js';
import { findFile } from '../../fs/log/findNode.js';
import type { Node } from '../../fs/log/namespace.js';
import type { Volume } from '../../fs/pool/volume.js';
import { type FileWork, onEach } from '../../fs/transfer/checkFiles.js';
import type { Context, Result } from '../../ui/command.js';
import { withVolume } from '../options/device.js';
import { attended, Failures } from './attend.js';
import { summaryText } from './summary.js';

export interface EachFile {
  /** shown while it runs: `verifying` */
  readonly label: string;
  /** said when it is over: `verified` */
  readonly done: string;
  readonly work: FileWork;
  readonly threads: number | undefined;
  readonly dev: readonly string[];
}

/** Does the work on every file; those that cannot be found or fail are reported, the rest goes on, and the exit code is 1. */
export async function doEachFile(context: Context, paths: readonly string[], what: EachFile): Promise<Result> {
  const { label, done, work, threads, dev } = what;
  const failures = new Failures();
  const started = performance.now();
  try {
    const files = await withVolume(context, dev, (volume) => {
      const nodes = filesOf(volume, paths, failures);
      const total = nodes.reduce((sum, { size }) => sum + size, 0);
      return attended(context, { label, total, threads }, (attendant) =>
        onEach(volume, nodes, work, attendant, failures.add),
      );
    });
    failures.report(context);
    context.signal.throwIfAborted();
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const seconds = (performance.now() - started) / 1000;
    const data = { files: files.map(({ path, size }) => ({ path, size })), bytes, seconds, failures: failures.count };
    return { data, text: () => [summaryText(done, files.length, bytes, seconds)], exitCode: failures.exitCode };
  } finally {
    failures.report(context);
  }
}

/** The files that the paths name; the others are failures. */
export function filesOf(volume: Volume, paths: readonly string[], failures: Failures): Node[] {
  return paths.flatMap((path) => {
    try {
      return [findFile(volume.replay.namespace, path)];
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      failures.add(error);
      return [];
    }
  });
}
