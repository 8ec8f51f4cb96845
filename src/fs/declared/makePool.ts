/** Making a new pool so that it can be stopped at any instruction and gone on with. */
import type { Host } from '../host/host.js';
import { addDaxdevs } from '../mkfs/addDaxdevs.js';
import { makeImage } from '../mkfs/makeImage.js';
import { mkfs } from '../mkfs/mkfs.js';
import type { WriteSession } from '../pool/writeSession.js';
import type { PoolPlan } from './poolPlan.js';

/** Makes the images that are missing: sparse files. Throws CANNOT_WRITE. */
export function makeImages({ joining }: PoolPlan): void {
  for (const { path, size, isMissing } of joining) if (isMissing) makeImage(path, size);
}

/**
 * Makes the file system on the first daxdev alone; the others join it with addMembers. So a kill leaves nothing, or a sound file
 * system that the next run goes on with, where mkfs of all at once may leave secondaries of a pool that never was.
 */
export function makePrimary(host: Host, { joining, label, logLength, unit, defaults }: PoolPlan): void {
  const [primary] = joining;
  if (primary === undefined) throw new Error('a pool has a primary');
  mkfs(host, [primary.path], { label, logLength, unit, defaults, force: 0, dryRun: false });
}

/** Adds the daxdevs that are no members yet. Throws what addDaxdevs throws; nothing has changed then. */
export function addMembers(session: WriteSession, { joining, isNew }: PoolPlan): void {
  const paths = joining.slice(isNew ? 1 : 0).map(({ path }) => path);
  if (paths.length > 0) addDaxdevs(session, paths, { force: 0, dryRun: false });
}
