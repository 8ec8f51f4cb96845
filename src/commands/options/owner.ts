import { groupId, userId } from '../../fs/host/users.js';
import type { Context } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';

/** Owner of new files and directories. */
export const ownerOptions = {
  uid: {
    type: 'string',
    short: 'u',
    value: 'USER',
    summary: 'owner, by number or name',
    details: 'The default is who runs the command.',
  },
  gid: {
    type: 'string',
    short: 'g',
    value: 'GROUP',
    summary: 'group, by number or name',
    details: 'The default is the group of who runs the command.',
  },
} as const;

/** uid and gid from the options, or those of the process. Throws UsageError for unknown names. */
export function ownerOf(
  context: Context,
  uid: string | undefined,
  gid: string | undefined,
): { uid: number; gid: number } {
  const asked = askedOwnerOf(uid, gid);
  return { uid: asked.uid ?? context.uid, gid: asked.gid ?? context.gid };
}

/** The parts of the owner that were requested. Throws as ownerOf does. */
export function askedOwnerOf(
  uid: string | undefined,
  gid: string | undefined,
): { uid: number | undefined; gid: number | undefined } {
  return {
    uid: uid === undefined ? undefined : known('--uid', uid, userId(uid)),
    gid: gid === undefined ? undefined : known('--gid', gid, groupId(gid)),
  };
}

function known(option: string, text: string, id: number | undefined): number {
  if (id !== undefined) return id;
  throw new UsageError(`${option}: '${text}' is unknown`, 'give a name of this host or a number from 0 to 4294967294');
}
