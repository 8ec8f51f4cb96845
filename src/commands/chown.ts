import { groupId, userId } from '../fs/host/users.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { attributeOptions, type ChangedRow, changeAttributes } from './options/attributes.js';
import { REWRITE_DETAILS, type RewriteRow } from './options/rewrite.js';

export interface ChownDocument extends RewriteRow {
  /** files and directories that had another owner or group before */
  readonly changed: readonly ChangedRow[];
}

export const command = defineCommand({
  name: 'chown',
  group: 'Rewrite the log',
  summary: 'change the owner and group of files and directories',
  details: ['Sets owner, group or both, all at once or not at all.', REWRITE_DETAILS],
  examples: [
    { command: 'famfs chown --clients-unmounted 1000:1000 data/weights', explains: 'owner and group of one file' },
    {
      command: 'famfs chown -R --clients-unmounted :users data',
      explains: 'only the group, for a directory and all below it',
    },
  ],
  args: [
    { name: 'OWNER', summary: 'USER, USER:GROUP or :GROUP, by number or name', required: true },
    { name: 'PATH', summary: 'file or directory', completes: 'path', required: true, repeat: true },
  ],
  options: attributeOptions,
  seeAlso: ['chmod', 'stat'],
  changes: true,
  async run(context, [text = '', ...paths], options): Promise<Result<ChownDocument>> {
    return changeAttributes(context, options, paths, ownerOf(text), 'owner');
  },
});

function ownerOf(text: string): { uid: number | undefined; gid: number | undefined } {
  const colon = text.indexOf(':');
  const user = colon < 0 ? text : text.slice(0, colon);
  const group = colon < 0 ? '' : text.slice(colon + 1);
  if (user === '' && group === '')
    throw new UsageError(`OWNER: '${text}' names neither a user nor a group`, 'write USER, USER:GROUP or :GROUP');
  return {
    uid: user === '' ? undefined : known('user', user, userId(user)),
    gid: group === '' ? undefined : known('group', group, groupId(group)),
  };
}

function known(kind: 'user' | 'group', text: string, id: number | undefined): number {
  if (id !== undefined) return id;
  throw new UsageError(
    `OWNER: the ${kind} '${text}' is unknown`,
    'give a name of this host or a number from 0 to 4294967294',
  );
}
