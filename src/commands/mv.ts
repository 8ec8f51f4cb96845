import { type MovedNode, movePaths } from '../fs/rewrite/move.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { nameOptions } from './options/names.js';
import { REWRITE_DETAILS, type RewriteRow, rewriteOptions, rewriteText, withRewrite } from './options/rewrite.js';
import { type RemovedRow, removedRow } from './output/removed.js';

export interface MvDocument extends RewriteRow {
  readonly moved: readonly MovedRow[];
  /** files whose names were taken, with --force */
  readonly replaced: readonly RemovedRow[];
}

/** The contents of a directory move with it. */
interface MovedRow {
  readonly from: string;
  readonly to: string;
  /** of its entry in the old log */
  readonly slot: number;
}

export const command = defineCommand({
  name: 'mv',
  group: 'Rewrite the log',
  summary: 'rename files and directories, or move them into a directory',
  details: [
    'Moves each PATH into TARGET if that is a directory, otherwise renames the only PATH to TARGET. All at once or not at all. No byte ' +
      'of a file is copied.',
    REWRITE_DETAILS,
  ],
  examples: [
    { command: 'famfs mv --clients-unmounted data/new data/current', explains: 'rename a file or directory' },
    { command: 'famfs mv --clients-unmounted a b archive/', explains: 'move two files into a directory' },
  ],
  args: [
    {
      name: 'PATH',
      completes: 'path',
      summary: 'file or directory, then more of them, and the target last',
      required: true,
      repeat: true,
    },
  ],
  options: {
    force: { type: 'boolean', short: 'f', summary: 'replace a file that has the new name; its bytes are lost' },
    ...nameOptions,
    ...rewriteOptions,
  },
  seeAlso: ['rm', 'ls'],
  changes: true,
  async run(context, args, { force = false, allowBytes, ...options }): Promise<Result<MvDocument>> {
    const paths = args.slice(0, -1);
    const target = args.at(-1);
    if (paths.length === 0 || target === undefined)
      throw new UsageError('no target is named', 'name what to move, then where to');
    const { edited, row } = await withRewrite(context, options, args, (tree) =>
      movePaths(tree, paths, target, force, allowBytes),
    );
    const { moved, replaced } = edited;
    return {
      data: { moved, replaced: replaced.map(removedRow), ...row },
      text: () => [...(row.written ? [] : moved.map(line)), rewriteText(row)],
    };
  },
});

function line({ from, to }: MovedNode): string {
  return `would move ${from} to ${to}`;
}
