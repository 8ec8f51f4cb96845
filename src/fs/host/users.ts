/** User and group names of this host. */
import type { Host } from './host.js';
import { type Database, namesInFile } from './userFiles.js';

/** 2^32-1 means nobody to the kernel. */
const MAX_ID = 0xfffffffe;

/** The uid of a user, by name or number; undefined when there is no such user. */
export function userId(text: string): number | undefined {
  return numericId(text) ?? lookUp('passwd', text);
}

/** The gid of a group, by name or number; undefined when there is no such group. */
export function groupId(text: string): number | undefined {
  return numericId(text) ?? lookUp('group', text);
}

function numericId(text: string): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id <= MAX_ID ? id : undefined;
}

/** getent asks every source that the host is configured to use: files, LDAP, systemd. */
function lookUp(database: Database, name: string): number | undefined {
  if (name === '' || /^\d+$/.test(name)) return undefined;
  const { status, stdout } = getent(database, [name]);
  const fields = status === 0 ? stdout.split(':') : [];
  return fields[0] === name ? numericId(fields[2] ?? '') : undefined;
}

/** ids whose names are looked up: a log may have any number of them */
const MOST_NAMES = 4096;
const IDS_AT_ONCE = 512;

/** The names that this host knows for uids; others, and those beyond MOST_NAMES, are left out. */
export function userNames(host: Host, uids: Iterable<number>): Map<number, string> {
  return namesOf(host, 'passwd', uids);
}

/** The same for gids. */
export function groupNames(host: Host, gids: Iterable<number>): Map<number, string> {
  return namesOf(host, 'group', gids);
}

/** To start getent takes a third of the time of a short listing, so what the file has is not asked for. */
function namesOf(host: Host, database: Database, all: Iterable<number>): Map<number, string> {
  const ids = new Set([...all].slice(0, MOST_NAMES));
  const names = namesInFile(host, database, ids);
  addNames(
    names,
    database,
    [...ids].filter((id) => !names.has(id)),
  );
  return names;
}

/** getent prints a line for each id that it knows, and takes many at once. */
function addNames(names: Map<number, string>, database: Database, ids: readonly number[]): void {
  for (let i = 0; i < ids.length; i += IDS_AT_ONCE) {
    const some = ids.slice(i, i + IDS_AT_ONCE).map(String);
    for (const line of getent(database, some).stdout.split('\n')) {
      const [name = '', , id = ''] = line.split(':');
      if (name !== '' && some.includes(id)) names.set(Number(id), name);
    }
  }
}

function getent(database: Database, keys: readonly string[]): { status: number | null; stdout: string } {
  // loaded only here, because a listing that needs no getent would spend a tenth of its time on it
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout } = spawnSync('getent', [database, '--', ...keys], { encoding: 'utf8', timeout: 10_000 });
  // null if there is no getent
  return { status, stdout: stdout ?? '' };
}
