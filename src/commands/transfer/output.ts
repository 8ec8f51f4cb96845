/** Files written to standard output: cat, and get with the target `-`. */
import { FamfsError } from '../../fs/errors.js';
import type { Context } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { runEachFile } from './eachFile.js';

const OUTPUT = 'standard output';

export interface OutputOptions {
  readonly dev: readonly string[];
  /** send zeros for memory that cannot be read, and continue */
  readonly skipBad: boolean;
}

/** Writes files to standard output, one after the other, and returns the exit code. Throws UsageError with --json. */
export async function writeToOutput(
  context: Context,
  paths: readonly string[],
  { dev, skipBad }: OutputOptions,
): Promise<number> {
  if (context.json)
    throw new UsageError('the bytes of the files and --json exclude each other', 'both use standard output');
  const { fd } = context.stdout;
  if (fd === undefined) throw new FamfsError('NO_OUTPUT', `${OUTPUT} has no descriptor`);
  const operation = { operation: 'copyOutStream', fd, otherEnd: OUTPUT, invalidate: true, keepGoing: skipBad } as const;
  // a stream has one order: more threads do not help
  const progress = { label: 'writing', threads: 1, hidden: context.terminal };
  const { exitCode = 0 } = await runEachFile(context, paths, { ...progress, verb: 'wrote', operation, dev });
  return exitCode;
}
