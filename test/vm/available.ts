import { spawnSync } from 'node:child_process';
import type { Kernel } from './guestOptions.js';
import { runVm } from './paths.js';

/** exit status of run-vm.sh if this machine cannot run a guest, as opposed to a guest that fails */
const UNAVAILABLE = 69;

/**
 * Prepares everything that a guest needs; the first time, that downloads packages. Returns why this machine cannot run guests (not
 * x86-64, no apt, no network), or undefined.
 */
export function whyNoGuest(kernel: Kernel = 'stock'): string | undefined {
  const { status, stderr, error } = spawnSync(runVm, ['-K', kernel, '--prepare'], { encoding: 'utf8' });
  if (status === UNAVAILABLE) return stderr.trim();
  if (status !== 0) throw new Error(`run-vm.sh --prepare failed: ${stderr}`, { cause: error });
  return undefined;
}
