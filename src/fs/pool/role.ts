/** Whether this host is the Master of a file system, which alone may write to it, or one of its Clients. */
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { readSystemUuid } from '../host/systemUuid.js';

export type Role = 'Master' | 'Client';

/** The role of this host where `masterUuid` is the system uuid of the Master. Throws SYSTEM_UUID. */
export function roleOf(host: Host, masterUuid: string): Role {
  return masterUuid === readSystemUuid(host) ? 'Master' : 'Client';
}

/** Throws NOT_MASTER unless this host is the Master of the famfs on `path`, or SYSTEM_UUID. */
export function refuseClient(host: Host, path: string, masterUuid: string): void {
  if (roleOf(host, masterUuid) === 'Master') return;
  throw new FamfsError('NOT_MASTER', `this host is a Client of the famfs on ${path}; only its Master may write to it`, {
    hint: `run the command on the Master, the host with system uuid ${masterUuid}`,
    details: { device: path, masterSystemUuid: masterUuid },
  });
}
