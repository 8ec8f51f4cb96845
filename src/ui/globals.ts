import type { OptionTable, OptionValues } from './command.js';

/** Options that every command has, before its name or after it. A command's own table does not repeat them. */
export const GLOBAL_OPTIONS = {
  json: {
    type: 'boolean',
    summary: 'write one JSON document, and errors and warnings as JSON objects, one per line',
    details:
      'The document goes to standard output; its numbers are raw and its names do not change between releases. ' +
      'Errors and warnings go to standard error.',
  },
  color: {
    type: 'string',
    choices: ['auto', 'always', 'never'],
    value: 'WHEN',
    default: 'auto',
    summary: 'colour the output, and the labels of errors and warnings',
    details:
      'With auto, only on a terminal that is not dumb, or if FORCE_COLOR is set; never if NO_COLOR is set and not empty.',
  },
  quiet: {
    type: 'boolean',
    short: 'q',
    summary: 'no warnings and no progress',
    details: 'Results and errors are written as ever. Progress that --progress=json asks for is written too.',
  },
  verbose: {
    type: 'boolean',
    short: 'v',
    summary: 'say what is done and how long it takes; cp and get also name each file',
    details:
      'On standard error, a line for each file of configuration that was read, each daxdev that was mapped, in pages of which size, and how ' +
      'much of it in huge pages, each lock, the replay of the log, the data that was moved, and last the bytes that were stored, written back ' +
      'and dropped from the cache. With --json, each line is an object. The names of files that cp and get copy go to standard output.',
  },
  progress: {
    type: 'string',
    choices: ['auto', 'json', 'none'],
    value: 'HOW',
    default: 'auto',
    summary:
      'progress of commands that move data or check: json writes an object on a line of standard error, several times a second',
    details:
      'With auto, a line on a terminal, after the first second, but not with --json or --quiet. With json, the first object is written when ' +
      'the work begins and the last one when it has ended, however short it is.',
  },
  wait: {
    type: 'integer',
    value: 'SECONDS',
    max: 1_000_000,
    summary: 'give up if another process holds the lock for longer than SECONDS',
    details: 'Without it, a command that writes waits as long as it takes. Commands that only read take no lock.',
  },
  noWait: { type: 'boolean', summary: 'give up at once if another process holds the lock: --wait 0' },
  help: {
    type: 'boolean',
    summary: 'print help and exit',
    details: 'There is no short form: -h is --human-readable in commands that print sizes.',
  },
  version: { type: 'boolean', short: 'V', summary: 'print the version and exit' },
} as const satisfies OptionTable;

export type GlobalValues = OptionValues<typeof GLOBAL_OPTIONS>;
