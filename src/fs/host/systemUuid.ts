/** The uuid of this host, which makes it the Master of file systems with this uuid in their superblock. */
import { lstatSync } from 'node:fs';
import { isUuid, NIL_UUID } from '../../format/uuid.js';
import { FamfsError } from '../errors.js';
import { type Host, once, systemPath } from './host.js';
import { hostPath } from './hostPath.js';
import { makeSystemUuidFile } from './makeSystemUuid.js';
import { readSmallFile } from './smallFile.js';

const DEFAULT_FILE = '/opt/famfs/system_uuid';
const MEMO_KEY = 'system uuid';
const UUID_LENGTH = 36;
/** bytes; a uuid and some white space */
const LONGEST_FILE = 4096;

/** The file with this host's system uuid; FAMFS_SYSTEM_UUID_FILE names another one. */
export function systemUuidFile(host: Host): string {
  const named = host.env.FAMFS_SYSTEM_UUID_FILE;
  return named === undefined || named === '' ? systemPath(host, DEFAULT_FILE) : hostPath(host, named);
}

/**
 * This host's system uuid, or undefined if none was made yet; the file is read once for a host. Throws SYSTEM_UUID if the file
 * holds no uuid, or cannot be read.
 */
export function readSystemUuid(host: Host): string | undefined {
  return once(host, MEMO_KEY, () => readUuidFile(systemUuidFile(host)));
}

/** This host's system uuid; if there is none yet, makes and stores a random one. Throws SYSTEM_UUID. */
export function ensureSystemUuid(host: Host): string {
  const known = readSystemUuid(host);
  if (known !== undefined) return known;
  const file = systemUuidFile(host);
  try {
    makeSystemUuidFile(file);
  } catch (error) {
    throw unusable(file, error);
  }
  // another process may have been first: the uuid in the file is now that of this host
  host.memo?.delete(MEMO_KEY);
  const uuid = readSystemUuid(host);
  if (uuid === undefined) throw unusable(file, new Error('it was removed while it was being made'));
  return uuid;
}

function readUuidFile(file: string): string | undefined {
  let text: string;
  try {
    text = readSmallFile(file, LONGEST_FILE).toString('latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !isLink(file)) return undefined;
    throw unusable(file, error);
  }
  // the reference writes a NUL after the 36 characters
  const uuid = text.slice(0, UUID_LENGTH).toLowerCase();
  if (isUuid(uuid) && uuid !== NIL_UUID && /^[\0\s]*$/.test(text.slice(UUID_LENGTH))) return uuid;
  throw new FamfsError('SYSTEM_UUID', `${file} does not hold a uuid`, {
    hint:
      "put this host's uuid back: famfs info prints it as the Master uuid of a file system made by this host; " +
      'remove the file only if there is none',
  });
}

/** For a file that cannot be found: it is then a broken symbolic link. */
function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function unusable(file: string, cause: unknown): FamfsError {
  const dangling = (cause as NodeJS.ErrnoException).code === 'ENOENT' && isLink(file);
  const why = dangling ? 'it is a symbolic link to a file that does not exist' : (cause as Error).message;
  return new FamfsError('SYSTEM_UUID', `the system uuid file ${file} cannot be used: ${why}`, {
    hint: dangling
      ? 'mount or restore what it points to'
      : 'run as root, or set FAMFS_SYSTEM_UUID_FILE to a file that you can read and write',
    cause,
  });
}
