/** Mounted famfs file systems, from /proc/mounts. Paths are lossless text, as in hostPath.ts. */
import { readFileSync, statSync } from 'node:fs';
import { decodePath, pathBytes } from '../../format/path.js';
import { type Host, systemPath } from './host.js';

export interface FamfsMount {
  /** daxdev or image that the mount names */
  readonly source: string;
  readonly mountPoint: string;
  readonly type: string;
  /** shadow tree of the FUSE server, if the mount's options name one */
  readonly shadow: string | undefined;
}

const KERNEL_TYPES = new Set(['famfs', 'fuse.famfs']);

/** All famfs mounts of this host; none if /proc/mounts cannot be read. */
export function famfsMounts(host: Host): FamfsMount[] {
  let table: string;
  try {
    table = decodePath(readFileSync(systemPath(host, '/proc/mounts')));
  } catch {
    return [];
  }
  return table.split('\n').flatMap((line) => parseMount(line) ?? []);
}

function parseMount(line: string): FamfsMount | undefined {
  const [source, mountPoint, type, options] = line.split(' ').map(unescapeOctal);
  if (source === undefined || mountPoint === undefined || type === undefined) return undefined;
  const settings = new Map((options ?? '').split(',').map((option) => splitOnce(option)));
  const shadow = settings.get('shadow');
  // the reference's FUSE server mounts as plain fuse; its shadow option identifies it
  if (!KERNEL_TYPES.has(type) && !(type === 'fuse' && shadow !== undefined)) return undefined;
  return { source: settings.get('daxdev') ?? settings.get('source') ?? source, mountPoint, type, shadow };
}

function splitOnce(option: string): [string, string] {
  const equals = option.indexOf('=');
  return equals < 0 ? [option, ''] : [option.slice(0, equals), option.slice(equals + 1)];
}

/** A field of a mount table, in which the kernel writes blanks and backslashes as three octal digits. */
export function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** The mount in `mounts` that names a device or image, by its path or as the same device under another path. */
export function mountOf(host: Host, path: string, mounts = famfsMounts(host)): FamfsMount | undefined {
  const key = fileKey(path);
  const isIt = (source: string) => source === path || (key !== undefined && fileKey(source) === key);
  return mounts.find(({ source }) => isIt(source) || isIt(systemPath(host, source)));
}

/** What is the same for all paths of a file; undefined if this user cannot look at it: somebody else may have mounted it. */
function fileKey(path: string): string | undefined {
  try {
    const stats = statSync(pathBytes(path));
    return stats.isCharacterDevice() ? `char:${stats.rdev}` : `file:${stats.dev}:${stats.ino}`;
  } catch {
    return undefined;
  }
}
