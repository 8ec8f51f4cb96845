/** Operations of the cache rules, and what a Client sees where one of them is left out. docs/coherence.md shows this table. */
import type { LeftOut } from './schedule.js';

export interface LeftOutRow extends LeftOut {
  /** what it is for */
  readonly rule: string;
  /** what a host sees without it */
  readonly seen: string;
}

const APPEND = 'Appender.append < WriteSession.append';
const COUNT = 'Appender.advance < Appender.append';
const BULK = 'bulk < new';
const HEADER = 'readShared < Log.readHeader';
// at every call: where one leaves it out, the fence of the next read completes its invalidation too
const READ = 'readShared < ';

export const LEFT_OUT: readonly LeftOutRow[] = [
  row('Master', 'writeBack', APPEND, 'an entry is written back', 'entries that are counted and bad'),
  row('Master', 'fence', APPEND, 'it is fenced before it is counted', 'entries that are counted and bad'),
  row('Master', 'writeBack', COUNT, 'the count is written back', 'fewer files than were reported'),
  row('Master', 'fence', COUNT, 'it is fenced before the file is reported', 'fewer files than were reported'),
  row('Master', 'writeBack', BULK, "a file's bytes are written back", 'a file with other bytes'),
  row('Master', 'fence', BULK, 'each thread fences its bytes before the entry is appended', 'a file with other bytes'),
  row('Client', 'invalidate', HEADER, 'a reader invalidates the log header', 'fewer files than were reported'),
  row('Client', 'fence', READ, 'it fences before it reads', 'fewer files than were reported'),
];

function row(
  host: LeftOut['host'],
  operation: LeftOut['operation'],
  site: string,
  rule: string,
  seen: string,
): LeftOutRow {
  return { host, operation, site, rule, seen };
}

/** The rows as a table of Markdown. */
export function leftOutTable(): string {
  const lines = LEFT_OUT.map(({ host, operation, rule, seen }) => `| ${host} | ${operation} | ${rule} | ${seen} |`);
  return ['| host | left out | the rule | what a Client then sees |', '| --- | --- | --- | --- |', ...lines].join('\n');
}
