/** User and group names of this host. */
import { spawnSync } from 'node:child_process';

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
function lookUp(database: 'passwd' | 'group', name: string): number | undefined {
  if (name === '' || /^\d+$/.test(name)) return undefined;
  const { status, stdout } = spawnSync('getent', [database, '--', name], { encoding: 'utf8', timeout: 10_000 });
  const fields = status === 0 ? stdout.split(':') : [];
  return fields[0] === name ? numericId(fields[2] ?? '') : undefined;
}

/** ids whose names are looked up: a log may have any number of them */
const MOST_NAMES = 4096;
const IDS_AT_ONCE = 512;

/** The names that this host knows for uids; others, and those beyond MOST_NAMES, are left out. */
export function userNames(uids: Iterable<number>): Map<number, string> {
  return namesOf('passwd', uids);
}

/** The same for gids. */
export function groupNames(gids: Iterable<number>): Map<number, string> {
  return namesOf('group', gids);
}

/** getent prints a line for each id that it knows, and takes many at once. */
function namesOf(database: 'passwd' | 'group', all: Iterable<number>): Map<number, string> {
  const names = new Map<number, string>();
  const ids = [...all].slice(0, MOST_NAMES);
  for (let i = 0; i < ids.length; i += IDS_AT_ONCE) {
    const some = ids.slice(i, i + IDS_AT_ONCE).map(String);
    const { stdout } = spawnSync('getent', [database, '--', ...some], { encoding: 'utf8', timeout: 10_000 });
    for (const line of (stdout ?? '').split('\n')) {
      const [name = '', , id = ''] = line.split(':');
      if (name !== '' && some.includes(id)) names.set(Number(id), name);
    }
  }
  return names;
}
