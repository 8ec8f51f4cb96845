/** Names from /etc/passwd and /etc/group, where these come first for the host (nsswitch.conf(5), passwd(5), group(5)). */
import { type Host, systemPath } from './host.js';
import { readRegularFile } from './smallFile.js';

export type Database = 'passwd' | 'group';

/** bytes; getent is asked about a host with larger files */
const MOST_BYTES = { 'nsswitch.conf': 64 * 1024, passwd: 16 * 2 ** 20, group: 16 * 2 ** 20 } as const;

/** The names that the host's file has for ids; empty where it does not come first, or cannot be read. The first line of an id counts. */
export function namesInFile(host: Host, database: Database, ids: ReadonlySet<number>): Map<number, string> {
  const names = new Map<number, string>();
  if (!isFileFirst(textOf(host, 'nsswitch.conf'), database)) return names;
  for (const line of linesOf(textOf(host, database) ?? '')) {
    const [name = '', , number = ''] = line.split(':', 3);
    // names that begin with + or - are not users: they refer to NIS
    if (!/^[^#+-]/.test(name) || !/^\d{1,10}$/.test(number)) continue;
    const id = Number(number);
    if (ids.has(id) && !names.has(id)) names.set(id, name);
  }
  return names;
}

/** Whether the first service of a database is its file, whose answer is final. Without a line, or without the file, it is. */
function isFileFirst(configuration: string | undefined, database: Database): boolean {
  for (const line of linesOf(configuration ?? '')) {
    const [name, services = ''] = line.replace(/#.*/, '').split(':', 2);
    if (name?.trim() !== database) continue;
    return /^\s*files(?![\w-])/.test(services) && !/^\s*files\s*\[[^\]]*success/i.test(services);
  }
  return true;
}

/** Undefined if it cannot be read. */
function textOf(host: Host, name: keyof typeof MOST_BYTES): string | undefined {
  try {
    return readRegularFile(systemPath(host, `/etc/${name}`), MOST_BYTES[name]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** One at a time, because there may be millions. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    yield text.slice(start, end);
    start = end + 1;
  }
}
