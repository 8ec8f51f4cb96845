/** --check-poison: the memory of a pool is read, to find what cannot be. */
import type { Volume } from '../../fs/pool/volume.js';
import { bytesToCheck, checkPoison, POISON_SCOPES, type PoisonCheck, type PoisonScope } from '../../fs/usage/poison.js';
import type { DaxdevUsage } from '../../fs/usage/usage.js';
import type { Context } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { threadOptions, withControl } from './runTransfer.js';

export const poisonOptions = {
  checkPoison: {
    type: 'string',
    choices: POISON_SCOPES,
    value: 'WHAT',
    summary: 'read the memory, and report what cannot be read',
    details: 'files reads superblock, log and files; all reads free space too.',
  },
  ...threadOptions,
} as const;

/** Throws UsageError for --threads without --check-poison. */
export function refuseIdleThreads(scope: PoisonScope | undefined, threads: number | undefined): void {
  if (threads !== undefined && scope === undefined)
    throw new UsageError('--threads is for --check-poison', 'leave it out');
}

/** Reads what `scope` says, with progress on the terminal. Throws what checkPoison throws. */
export function poisonOf(
  context: Context,
  volume: Volume,
  usage: readonly DaxdevUsage[],
  scope: PoisonScope,
  threads: number | undefined,
): Promise<PoisonCheck> {
  const options = { label: 'reading', total: bytesToCheck(volume, usage, scope), threads };
  return withControl(context, options, (control) => checkPoison(volume, usage, scope, control));
}
