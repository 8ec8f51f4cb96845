import { counted } from '../format/counted.js';
import { defineCommand, type Result } from '../ui/command.js';
import { REWRITE_DETAILS, type RewriteRow, rewriteOptions, rewriteText, withRewrite } from './options/rewrite.js';

export type LogCompactDocument = RewriteRow;

export const command = defineCommand({
  name: 'log compact',
  group: 'Rewrite the log',
  summary: 'rewrite the log without entries that cannot be used',
  details: [
    'Entries that are damaged, or that take a name that another entry has, are skipped by every reader but keep their slots and the ' +
      'space that they claim. With --drop-skipped, they are dropped and their space becomes free. fsck -y repairs what can be repaired: do ' +
      'that first.',
    REWRITE_DETAILS,
  ],
  examples: [
    {
      command: 'famfs log compact -n --drop-skipped',
      explains: 'show how many entries would be dropped, and how much that frees',
    },
  ],
  args: [],
  options: {
    dropSkipped: { type: 'boolean', summary: 'give up entries that cannot be used, with their space' },
    ...rewriteOptions,
  },
  seeAlso: ['fsck', 'rm', 'logplay'],
  changes: true,
  async run(context, _args, { dropSkipped = false, ...options }): Promise<Result<LogCompactDocument>> {
    const { row } = await withRewrite(context, options, [], () => undefined, { dropSkipped });
    return { data: row, text: () => [`${dropped(row)}; ${rewriteText(row)}`] };
  },
});

function dropped({ dropped: count }: RewriteRow): string {
  return `${counted(count, 'entry', 'entries')} dropped`;
}
