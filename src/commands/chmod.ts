import { defineCommand, type Result } from '../ui/command.js';
import { attributeOptions, type ChangedRow, changeAttributes } from './options/attributes.js';
import { numberArgument } from './options/numberArgument.js';
import { REWRITE_DETAILS, type RewriteRow } from './options/rewrite.js';

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
    { name: 'PATH', summary: 'file or directory', completes: 'path', required: true, repeat: true },
  ],
  options: attributeOptions,
  seeAlso: ['chown', 'stat'],
  changes: true,
  async run(context, [text = '', ...paths], options): Promise<Result<ChmodDocument>> {
    return changeAttributes(context, options, paths, { mode: numberArgument('mode', 'MODE', text) }, 'mode');
  },
});
