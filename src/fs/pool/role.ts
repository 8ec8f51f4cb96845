/** Whether this host is the Master of a file system, which alone may write to it, or a Client. */
import { FamfsError } from '../errors.js';
import { type Host, once } from '../host/host.js';
import { readSystemUuid } from '../host/systemUuid.js';

export type Role = 'Master' | 'Client';

/**
 * The role of this host if `masterUuid` is the system uuid of the Master. A host whose own uuid cannot be read gets a warning,
 * and may read as a Client does.
 */
export function roleOf(host: Host, masterUuid: string): Role {
  try {
    return masterUuid === readSystemUuid(host) ? 'Master' : 'Client';
  } catch (error) {
    if (!(error instanceof FamfsError)) throw error;
    const { code, message, hint } = error;
    once(host, 'role warning', () => host.warn(code, `${message}, so this host counts as a Client; ${hint}`));
    return 'Client';
  }
}

/** Throws NOT_MASTER unless this host is the Master of the famfs on `path`, or SYSTEM_UUID. */
export function refuseClient(host: Host, path: string, masterUuid: string): void {
  if (masterUuid === readSystemUuid(host)) return;
  throw new FamfsError('NOT_MASTER', `this host is a Client of the famfs on ${path}; only its Master may write to it`, {
    hint: `run the command on the Master, the host with system uuid ${masterUuid}`,
    details: { device: path, masterSystemUuid: masterUuid },
  });
}
