import { counted } from '../format/counted.js';
import { setAttributes } from '../fs/rewrite/attributes.js';
import { defineCommand, type Result } from '../ui/command.js';
import { numberArgument } from './options/numberArgument.js';
import { REWRITE_DETAILS, type RewriteRow, rewriteOptions, rewriteText, withRewrite } from './options/rewrite.js';
import { type ChangedRow, changedLine, changedRow } from './output/changed.js';

export interface ChmodDocument extends RewriteRow {
  /** files and directories that had another mode before */
  readonly changed: readonly ChangedRow[];
}

export const command = defineCommand({
  name: 'chmod',
  group: 'Rewrite the log',
  summary: 'change the mode of files and directories',
  details: ['Sets the permission bits, all at once or not at all. The umask does not apply.', REWRITE_DETAILS],
  examples: [{ command: 'famfs chmod --clients-unmounted 640 data/weights', explains: 'the mode of one file' }],
  args: [
    { name: 'MODE', summary: 'permission bits, octal', required: true },
    { name: 'PATH', summary: 'file or directory', required: true, repeat: true },
  ],
  options: {
    recursive: { type: 'boolean', short: 'R', summary: 'what is in directories too' },
    ...rewriteOptions,
  },
  seeAlso: ['chown', 'stat'],
  changes: true,
  async run(context, [text = '', ...paths], { recursive = false, ...options }): Promise<Result<ChmodDocument>> {
    const mode = numberArgument('mode', 'MODE', text);
    const { edited, row } = await withRewrite(context, options, paths, (tree) =>
      setAttributes(tree, paths, { mode }, recursive).map(changedRow),
    );
    return {
      data: { changed: edited, ...row },
      text: () => [
        ...(row.written ? [] : edited.map(changedLine)),
        `${counted(edited.length, 'mode')} changed; ${rewriteText(row)}`,
      ],
    };
  },
});
