/** Files that creat makes together with their bytes. */
import type { PlannedFile } from '../../fs/allocate/creationPlan.js';
import { FamfsError } from '../../fs/errors.js';
import type { WriteSession } from '../../fs/pool/writeSession.js';
import type { Content } from '../../fs/transfer/content.js';
import type { FilePlan, FillResult } from '../../fs/transfer/filePlan.js';
import { fillFiles } from '../../fs/transfer/fillFiles.js';
import type { Context, OptionValues } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import type { Failures } from './failures.js';
import { withControl } from './runTransfer.js';

export const fillOptions = {
  seed: {
    type: 'integer',
    short: 'S',
    value: 'SEED',
    summary: 'fill the files with the pattern that verify --seed checks',
  },
  zero: { type: 'boolean', summary: 'fill the files with zeros' },
} as const;

/** The content to fill files with, according to the options, if any. Throws UsageError. */
export function contentOf({ seed, zero = false }: OptionValues<typeof fillOptions>): Content | undefined {
  if (seed !== undefined && zero) throw new UsageError('--seed and --zero exclude each other', 'use one of them');
  if (seed !== undefined) return { from: 'pattern', seed: BigInt(seed) };
  return zero ? { from: 'zeros' } : undefined;
}

/**
 * Fills the files, and appends the entries of new ones. Returns those that are done, in the order of the request. A file that
 * could not be filled is reported as a failure; if it is new, it is not made.
 */
export async function makeFilled(
  context: Context,
  session: WriteSession,
  files: readonly PlannedFile[],
  { content, threads }: { content: Content; threads: number | undefined },
  failures: Failures,
): Promise<PlannedFile[]> {
  const plans = files.map((file) => ({ ...file, content }));
  const results = await fillShown(context, session, plans, threads);
  for (const { plan, state, error } of results) {
    if (error !== undefined) failures.add(error);
    if (state !== 'done') failures.add(unfinishedError(plan.entry.path, state));
  }
  return results.filter(({ state }) => state === 'done').map(({ plan }) => plan);
}

/** Fills files with progress on the terminal. @param threads undefined: as many as are useful */
export async function fillShown<T extends FilePlan>(
  context: Context,
  session: WriteSession,
  plans: readonly T[],
  threads: number | undefined,
): Promise<FillResult<T>[]> {
  const total = plans.reduce((sum, { entry }) => sum + entry.size, 0);
  return withControl(context, { label: 'filling', total, threads }, (control) => fillFiles(session, plans, control));
}

function unfinishedError(path: string, state: 'not made' | 'untouched' | 'incomplete'): FamfsError {
  const what = {
    'not made': 'was not made',
    untouched: 'was not filled: its bytes are unchanged',
    incomplete: 'is incomplete: some of its bytes are unchanged',
  }[state];
  return new FamfsError('INCOMPLETE', `${path} ${what}`, { hint: 'run the command again', details: { path } });
}
