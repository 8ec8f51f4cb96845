import { defineCommand, type Result } from '../ui/command.js';
import { deviceArgument, deviceOptions, openFrom } from './options/device.js';
import { entryLines, indentedEntries } from './output/entryList.js';
import { countsText, type LogCounts, logCounts } from './output/logCounts.js';
import type { LogEntryRow } from './output/logEntry.js';

export interface LogListDocument extends LogCounts {
  /** the entries in the requested slots */
  readonly operations: readonly LogEntryRow[];
}

export const command = defineCommand({
  name: 'log list',
  group: 'Look',
  summary: 'list the entries of the log, by slot',
  details: [
    'Prints what each entry did: make a directory, make a file, add a daxdev. The number before an entry is its slot; with --at N, other ' +
      'commands show the file system as it was before the entry of slot N, after the N entries before it. An entry that cannot be used is ' +
      'printed as skipped.',
    'A rewrite of the log (rm, mv and the like) begins a new history: the log then has what was kept, not how it came about.',
  ],
  examples: [
    { command: 'famfs log list --from 1000', explains: 'the entries of slot 1000 and higher' },
    { command: 'famfs ls -R --at 1000', explains: 'the tree before these entries' },
  ],
  args: [deviceArgument],
  options: {
    from: { type: 'integer', value: 'N', default: 0, summary: 'only the entries of slot N and higher' },
    ...deviceOptions,
  },
  seeAlso: ['log diff', 'logplay', 'ls'],
  async run(context, devices, { from, dev }): Promise<Result<LogListDocument>> {
    const { volume, record } = openFrom(context, [...devices, ...dev], from);
    volume.close();
    const counts = logCounts(volume);
    return {
      data: { ...counts, operations: indentedEntries(record) },
      text: (style) => entryLines(record, style, countsText(counts)),
    };
  },
});
