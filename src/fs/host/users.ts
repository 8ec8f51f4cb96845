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
