import { spawnSync } from 'node:child_process';
import { runVm } from './paths.js';

/** run-vm.sh's exit status where a guest cannot be had, as opposed to one that fails. */
const UNAVAILABLE = 69;

/**
 * Makes everything a guest needs ready (the first time, that downloads packages) and says why there can be none here:
 * not x86-64, no apt, no network. Undefined when there can.
 */
export function whyNoGuest(): string | undefined {
  const { status, stderr, error } = spawnSync(runVm, ['--prepare'], { encoding: 'utf8' });
  if (status === UNAVAILABLE) return stderr.trim();
  if (status !== 0) throw new Error(`run-vm.sh --prepare failed: ${stderr}`, { cause: error });
  return undefined;
}
