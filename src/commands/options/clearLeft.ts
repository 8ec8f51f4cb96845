import type { FamfsError } from '../../fs/errors.js';
import type { Volume } from '../../fs/pool/volume.js';
import { clearMember } from '../../fs/rewrite/clearMember.js';
import type { Context } from '../../ui/command.js';

/** Clears the superblock of a daxdev that has left the pool. It has left already, so what goes wrong is only a warning: false then. */
export function clearLeft(context: Context, { superblock: { fsUuid } }: Volume, path: string, uuid: string): boolean {
  try {
    clearMember(context, path, { fsUuid, uuid });
    return true;
  } catch (error) {
    const { message } = error as FamfsError;
    context.warn('NOT_CLEARED', `${path} has left the pool, but its superblock is still there: ${message}`);
    return false;
  }
}
