import { counted } from '../format/counted.js';
import { EntryRun } from '../fs/log/entryColumns.js';
import type { EntryRecord } from '../fs/log/entryRecord.js';
import type { ReplayedEntry } from '../fs/log/replay.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { humanBytes } from '../ui/units.js';
import { deviceOptions, openFrom } from './options/device.js';
import { numberArgument } from './options/numberArgument.js';
import { entryLines, indentedEntries } from './output/entryList.js';
import type { LogEntryRow } from './output/logEntry.js';

export interface LogDiffDocument {
  /** entries that the log had before, and after */
  readonly from: number;
  readonly to: number;
  /** files and directories made between the two */
  readonly files: number;
  readonly directories: number;
  readonly daxdevs: number;
  /** sum of the sizes of these files, bytes */
  readonly fileBytes: number;
  readonly operations: readonly LogEntryRow[];
}

export const command = defineCommand({
  name: 'log diff',
  group: 'Look',
  summary: 'show what was added to the file system between two points of its log',
  details: [
    'Prints the entries that the log had when it was B entries long, but not when it was A entries long: since a log only grows, that is all ' +
      'that changed. B defaults to the present length. An entry that cannot be used is printed as skipped, and not counted.',
  ],
  examples: [{ command: 'famfs log diff 1000', explains: 'what was added since the log had 1000 entries' }],
  args: [
    { name: 'A', summary: 'log entries at the earlier point', required: true },
    { name: 'B', summary: 'log entries at the later point', required: false },
  ],
  options: deviceOptions,
  seeAlso: ['log list', 'ls'],
  async run(context, [a = '', b], { dev }): Promise<Result<LogDiffDocument>> {
    const from = numberArgument('integer', 'A', a);
    const at = b === undefined ? undefined : numberArgument('integer', 'B', b);
    const { volume, record } = openFrom(context, dev, from, at);
    volume.close();
    const to = volume.replay.next;
    if (from > to) throw new UsageError(`A is ${from}, which is more than B, ${to}`, 'name the earlier point first');
    const counts = countMade(record);
    return {
      data: { from, to, ...counts, operations: indentedEntries(record) },
      text: (style) => entryLines(record, style, totals(counts)),
    };
  },
});

type Counts = Pick<LogDiffDocument, 'files' | 'directories' | 'daxdevs' | 'fileBytes'>;

function countMade(record: EntryRecord): Counts {
  const counts = { files: 0, directories: 0, daxdevs: 0, fileBytes: 0 };
  for (const piece of record) {
    const { files, directories, daxdevs, fileBytes } = piece instanceof EntryRun ? piece.totals : madeBy(piece);
    counts.files += files;
    counts.directories += directories;
    counts.daxdevs += daxdevs;
    counts.fileBytes += fileBytes;
  }
  return counts;
}

function madeBy({ entry, applied }: ReplayedEntry): Counts {
  const type = applied ? entry?.type : undefined;
  return {
    files: Number(type === 'FILE'),
    directories: Number(type === 'MKDIR'),
    daxdevs: Number(type === 'ADD_DAXDEV'),
    fileBytes: applied && entry?.type === 'FILE' ? entry.size : 0,
  };
}

function totals({ files, directories, daxdevs, fileBytes }: Counts): string {
  const made = [counted(files, 'file'), counted(directories, 'directory', 'directories'), counted(daxdevs, 'daxdev')];
  return `${made.join(', ')} made, ${humanBytes(fileBytes)} in files`;
}
