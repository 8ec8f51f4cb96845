import { counted } from '../format/counted.js';
import { type ShortenedFile, shorten } from '../fs/rewrite/attributes.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { REWRITE_DETAILS, type RewriteRow, rewriteOptions, rewriteText, withRewrite } from './options/rewrite.js';

export interface TruncateDocument extends RewriteRow {
  /** files that were longer before */
  readonly shortened: readonly ShortenedRow[];
}

interface ShortenedRow {
  readonly path: string;
  /** bytes before */
  readonly before: number;
  /** bytes now */
  readonly size: number;
}

export const command = defineCommand({
  name: 'truncate',
  group: 'Rewrite the log',
  summary: 'shorten files, and free the space that they no longer need',
  details: [
    'Cuts each file to SIZE bytes, all at once or not at all. A file of that size is left alone; a shorter one is ' +
      'an error, since files never grow. An interleaved file keeps its number of strips, but if it becomes smaller than a chunk, it becomes ' +
      'a simple file.',
    REWRITE_DETAILS,
  ],
  examples: [{ command: 'famfs truncate -s 1G --clients-unmounted data/log', explains: 'keep the first gigabyte' }],
  args: [{ name: 'FILE', summary: 'path in the file system', completes: 'path', required: true, repeat: true }],
  options: {
    size: { type: 'size', short: 's', value: 'SIZE', min: 1, summary: 'bytes to keep' },
    ...rewriteOptions,
  },
  seeAlso: ['rm', 'stat'],
  changes: true,
  async run(context, paths, { size, ...options }): Promise<Result<TruncateDocument>> {
    if (size === undefined) throw new UsageError('no size is given', 'give the bytes to keep with -s SIZE');
    const { edited, row } = await withRewrite(context, options, paths, (tree, volume) =>
      shorten(volume, tree, paths, size),
    );
    return {
      data: { shortened: edited, ...row },
      text: () => [
        ...(row.written ? [] : edited.map(line)),
        `${counted(edited.length, 'file')} shortened; ${rewriteText(row)}`,
      ],
    };
  },
});

function line({ path, before, size }: ShortenedFile): string {
  return `would shorten ${path} from ${before} to ${size} bytes`;
}
