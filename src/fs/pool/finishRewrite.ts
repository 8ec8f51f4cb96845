/** The next writer completes a rewrite that was cut off. */
import { FamfsError } from '../errors.js';
import { completionSteps, rewritingOf } from '../log/rewriting.js';
import { apply } from '../media/sharedMemory.js';
import { requireSuperblock } from './damage.js';
import { rewriting } from './historyWatch.js';
import type { Target } from './openTarget.js';
import { refuseClient } from './role.js';
import { logOf } from './volume.js';

/**
 * Completes a rewrite of the log; the caller holds the lock of all writers. A mounted file system is left alone, and its callers
 * get an error. Throws NOT_MASTER, LOG_REWRITING for a journal in a file of this host, and LOG_DAMAGED for a damaged one.
 */
export function finishRewrite(target: Target): void {
  const { primary, mount, host } = target;
  if (mount !== undefined) return;
  const superblock = requireSuperblock(primary, primary.size);
  const log = logOf(target, superblock);
  const state = rewritingOf(log, superblock.fsUuid);
  if (state === undefined) return;
  const { path } = primary;
  refuseClient(host, path, superblock.systemUuid);
  if (state.state === 'in file') throw rewriting(path);
  if (state.state === 'lost')
    throw new FamfsError('LOG_DAMAGED', `the log on ${path} was being rewritten, but its journal ${state.why}`, {
      hint: `run: famfs fsck ${path}`,
    });
  apply(completionSteps(log, state));
  host.warn(
    'REWRITE_COMPLETED',
    `the log on ${path} was being rewritten when its writer was interrupted; the rewrite is complete now`,
  );
}
