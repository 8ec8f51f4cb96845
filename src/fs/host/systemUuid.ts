/** The uuid of this host, which makes it the Master of the file systems that carry it (docs/format.md, "Roles"). */
import { randomUUID } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isUuid } from '../../format/uuid.js';
import { FamfsError } from '../errors.js';
import { type Host, systemPath } from './host.js';

const DEFAULT_FILE = '/opt/famfs/system_uuid';

/** The file that holds this host's system uuid; FAMFS_SYSTEM_UUID_FILE names another. */
export function systemUuidFile(host: Host): string {
  const named = host.env.FAMFS_SYSTEM_UUID_FILE;
  return named === undefined || named === '' ? systemPath(host, DEFAULT_FILE) : named;
}

/** This host's system uuid, or undefined where none was made yet. Throws SYSTEM_UUID when the file holds no uuid. */
export function readSystemUuid(host: Host): string | undefined {
  const file = systemUuidFile(host);
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
  // the reference writes a NUL behind the 36 characters
  const uuid = text.slice(0, 36).toLowerCase();
  if (isUuid(uuid) && /^[\0\s]*$/.test(text.slice(36))) return uuid;
  throw new FamfsError('SYSTEM_UUID', `${file} does not hold a uuid`, {
    hint: "put the 36 characters of this host's system uuid there, or remove the file to get a new one from mkfs",
  });
}

/** This host's system uuid; made at random and kept where there is none yet. Throws SYSTEM_UUID. */
export function ensureSystemUuid(host: Host): string {
  return readSystemUuid(host) ?? makeSystemUuid(host);
}

function makeSystemUuid(host: Host): string {
  const file = systemUuidFile(host);
  const uuid = randomUUID();
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    writeFileSync(temporary, `${uuid}\0`);
    chmodSync(temporary, 0o444);
    // link(2) fails where another process was first: then its uuid is this host's
    linkSync(temporary, file);
    return uuid;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return readSystemUuid(host) ?? uuid;
    throw unreadable(file, error);
  } finally {
    removeQuietly(temporary);
  }
}

function removeQuietly(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // it was never made
  }
}

function unreadable(file: string, cause: unknown): FamfsError {
  return new FamfsError('SYSTEM_UUID', `the system uuid file ${file} cannot be used: ${(cause as Error).message}`, {
    hint: 'run as root, or let FAMFS_SYSTEM_UUID_FILE name a file that you may write',
    cause,
  });
}
