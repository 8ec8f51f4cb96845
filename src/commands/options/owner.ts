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
    details: 'The default is the user who runs the command.',
  },
  gid: {
    type: 'string',
    short: 'g',
    value: 'GROUP',
    summary: 'group, by number or name',
    details: 'The default is the group of the user who runs the command.',
  },
} as const;

/** The parts of an owner that options name. */
interface AskedOwner {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** uid and gid from the options, or those of the process. */
export function ownerOf(context: Context, { uid, gid }: AskedOwner): { uid: number; gid: number } {
  return { uid: uid ?? context.uid, gid: gid ?? context.gid };
}

/** The parts of the owner that were requested. Looks up names with getent. Throws UsageError for unknown names. */
export function askedOwnerOf(uid: string | undefined, gid: string | undefined): AskedOwner {
  return {
    uid: uid === undefined ? undefined : known('--uid', uid, userId(uid)),
    gid: gid === undefined ? undefined : known('--gid', gid, groupId(gid)),
  };
}

function known(option: string, text: string, id: number | undefined): number {
  if (id !== undefined) return id;
  throw new UsageError(`${option}: '${text}' is unknown`, 'give a name of this host or a number from 0 to 4294967294');
}
