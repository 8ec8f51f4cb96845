import { counted } from '../format/counted.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { humanBytes } from '../ui/units.js';
import { deviceOptions, openFrom } from './options/device.js';
import { numberArgument } from './options/numberArgument.js';
import { type LogEntryRow, logEntryLine, logEntryRow } from './output/logEntry.js';

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
    const { volume, replayed } = openFrom(context, dev, from, at);
    volume.close();
    const to = volume.replay.next;
    if (from > to) throw new UsageError(`A is ${from}, which is more than B, ${to}`, 'name the earlier point first');
    const made = replayed.flatMap(({ entry, applied }) => (applied && entry !== undefined ? [entry] : []));
    const files = made.filter((entry) => entry.type === 'FILE');
    const counts = {
      files: files.length,
      directories: made.filter(({ type }) => type === 'MKDIR').length,
      daxdevs: made.filter(({ type }) => type === 'ADD_DAXDEV').length,
      fileBytes: files.reduce((sum, { size }) => sum + size, 0),
    };
    return {
      data: { from, to, ...counts, operations: replayed.map(logEntryRow) },
      text: (style) => [...replayed.map((entry) => logEntryLine(entry, style)), totals(counts)],
    };
  },
});

function totals({
  files,
  directories,
  daxdevs,
  fileBytes,
}: Omit<LogDiffDocument, 'from' | 'to' | 'operations'>): string {
  const made = [counted(files, 'file'), counted(directories, 'directory', 'directories'), counted(daxdevs, 'daxdev')];
  return `${made.join(', ')} made, ${humanBytes(fileBytes)} in files`;
}
