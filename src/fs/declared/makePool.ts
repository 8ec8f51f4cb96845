/** Makes a new pool in steps, so that a run that was stopped at any instruction can be continued by the next. */
import type { Host } from '../host/host.js';
import { addDaxdevs } from '../mkfs/addDaxdevs.js';
import { makeImage } from '../mkfs/makeImage.js';
import { mkfs } from '../mkfs/mkfs.js';
import type { WriteSession } from '../pool/writeSession.js';
import type { PoolPlan } from './poolPlan.js';

/** Makes the missing images, as sparse files. Throws CANNOT_WRITE. */
export function makeImages({ joining }: PoolPlan): void {
  for (const { path, size, isMissing } of joining) if (isMissing) makeImage(path, size);
}

/**
 * Makes the file system on the first daxdev alone; the others join it with addMembers. A kill then leaves nothing, or a sound
 * file system that the next run continues. A kill during mkfs of all daxdevs could leave secondaries without a primary.
 */
export function makePrimary(host: Host, { joining, label, logLength, unit, defaults }: PoolPlan): void {
  const [primary] = joining;
  if (primary === undefined) throw new Error('a pool has a primary');
  mkfs(host, [primary.path], { label, logLength, unit, defaults, force: 0, dryRun: false });
}

/** Adds the daxdevs that are not members yet. Throws what addDaxdevs throws, with nothing changed. */
export function addMembers(session: WriteSession, { joining, isNew }: PoolPlan): void {
  const paths = joining.slice(isNew ? 1 : 0).map(({ path }) => path);
  if (paths.length > 0) addDaxdevs(session, paths, { force: 0, dryRun: false });
}
