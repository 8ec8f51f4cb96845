import { counted } from '../format/counted.js';
import { type RemovedNode, removePaths } from '../fs/rewrite/remove.js';
import { wipe as wipeFreed } from '../fs/rewrite/wipe.js';
import { defineCommand, type Result } from '../ui/command.js';
import { REWRITE_DETAILS, type RewriteRow, rewriteOptions, rewriteText, withRewrite } from './options/rewrite.js';
import { type RemovedRow, removedRow } from './output/removed.js';

export interface RmDocument extends RewriteRow {
  /** each directory before its contents */
  readonly removed: readonly RemovedRow[];
  /** the space was zeroed */
  readonly wiped: boolean;
}

export const command = defineCommand({
  name: 'rm',
  group: 'Rewrite the log',
  summary: 'remove files and directories, and free their space',
  details: [
    'Removes files and directories, all at once or not at all. All paths are checked first.',
    REWRITE_DETAILS,
    'The bytes of a removed file stay in free space until another file gets it; --wipe zeroes them first. If that is interrupted, ' +
      'the files are still there, with zeros.',
  ],
  examples: [
    { command: 'famfs rm -n -r data/old', explains: 'show what would be removed, and how much that frees' },
    { command: 'famfs rm -r --clients-unmounted data/old', explains: 'remove a directory with everything in it' },
  ],
  args: [{ name: 'PATH', summary: 'file or directory', completes: 'path', required: true, repeat: true }],
  options: {
    recursive: { type: 'boolean', short: 'r', summary: 'directories too, with everything in them' },
    wipe: { type: 'boolean', summary: 'zero the freed space' },
    ...rewriteOptions,
  },
  seeAlso: ['mv', 'log compact', 'df'],
  changes: true,
  async run(context, paths, { recursive = false, wipe = false, ...options }): Promise<Result<RmDocument>> {
    const { edited, row } = await withRewrite(context, options, paths, (tree) => removePaths(tree, paths, recursive), {
      beforeCommit: wipe ? (volume, plan) => wipeFreed(volume, plan, context.signal) : undefined,
    });
    return {
      data: { removed: edited.map(removedRow), wiped: wipe && row.written, ...row },
      text: () => [...(row.written ? [] : edited.map(line)), `${counts(edited)}; ${rewriteText(row)}`],
    };
  },
});

function line({ path, kind }: RemovedNode): string {
  return `would remove ${path}${kind === 'directory' ? '/' : ''}`;
}

function counts(removed: readonly RemovedNode[]): string {
  const files = removed.filter(({ kind }) => kind === 'file').length;
  return `${counted(files, 'file')}, ${counted(removed.length - files, 'directory', 'directories')}`;
}
