/** Finds processes that have a dax device or image mapped: they would lose its memory, or use memory that is no longer theirs. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodePath } from '../../format/path.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import { type DaxDevice, deviceNumber } from './daxDevices.js';
import { type Host, systemPath } from './host.js';
import { realPath } from './hostPath.js';

export interface MappingProcess {
  readonly pid: number;
  /** the name of its program, as far as the kernel keeps it; '' if it cannot be read */
  readonly name: string;
}

/** A mapping of /proc/PID/maps. */
interface Mapping {
  readonly range: string;
  /** MAJOR:MINOR in hex and inode of the file system's file */
  readonly file: string;
  readonly path: string;
}

/** The first process with a mapping of the device; undefined if no process that this user may inspect has one. */
export function processMapping(host: Host, { name, path }: DaxDevice): MappingProcess | undefined {
  return firstProcess(host, isDevice([path, `/dev/${name}`], deviceNumber(host, name)));
}

/** The first process other than this one that has a daxdev or image mapped, which this process has mapped too. */
export function otherProcessMapping(host: Host, { path, kind, identity }: MappedDevice): MappingProcess | undefined {
  const paths = namesOf(path);
  const isIt = kind === 'device' ? isDevice(paths, identity.replace('char:', '')) : isFile(paths, path);
  return firstProcess(host, isIt, process.pid);
}

/** The error for a device that a process has mapped. @param device as it is named to the user */
export function mappedError(device: string, { pid, name }: MappingProcess, hint: string): FamfsError {
  return new FamfsError('MAPPED', `${device} is mapped by process ${pid}${name === '' ? '' : ` (${name})`}`, {
    hint,
    details: { device, pid, process: name },
  });
}

function firstProcess(
  host: Host,
  isIt: (mapping: Mapping, folder: string) => boolean,
  except?: number,
): MappingProcess | undefined {
  const proc = systemPath(host, '/proc');
  const pids = list(proc).filter((name) => /^\d+$/.test(name) && Number(name) !== except);
  const pid = pids.find((candidate) => {
    const folder = join(proc, candidate);
    return sharedMappings(read(join(folder, 'maps'))).some((mapping) => isIt(mapping, folder));
  });
  return pid === undefined ? undefined : { pid: Number(pid), name: read(join(proc, pid, 'comm')).trim() };
}

/** @param number MAJOR:MINOR of the device, which a process may have mapped by another node */
function isDevice(paths: readonly string[], number: string | undefined) {
  return ({ range, path }: Mapping, folder: string) =>
    paths.includes(path) || (number !== undefined && deviceNumberOf(join(folder, 'map_files', range)) === number);
}

/** An image that a process may have mapped by another name. */
function isFile(paths: readonly string[], image: string) {
  const stats = statSync(image, { bigint: true, throwIfNoEntry: false });
  const key = stats && `${deviceText(stats.dev)} ${stats.ino}`;
  return ({ file, path }: Mapping) => file === key || paths.includes(path);
}

/** The shared mappings of files in a /proc/PID/maps; a daxdev cannot be mapped in any other way. */
function sharedMappings(maps: string): Mapping[] {
  return maps.split('\n').flatMap((line) => {
    const [, range, device, inode, path] = /^(\S+) ..[-x]s \S+ (\S+) (\d+) +(\/.*?)(?: \(deleted\))?$/.exec(line) ?? [];
    return range === undefined || path === undefined ? [] : [{ range, file: `${device} ${inode}`, path }];
  });
}

/** MAJOR:MINOR of the character device that a link leads to; undefined for anything else. */
function deviceNumberOf(path: string): string | undefined {
  try {
    const stats = statSync(path);
    return stats.isCharacterDevice() ? `${numbersOf(BigInt(stats.rdev)).join(':')}` : undefined;
  } catch {
    return undefined;
  }
}

/** The device of a file system as written in /proc/PID/maps. */
function deviceText(device: bigint): string {
  return numbersOf(device)
    .map((number) => number.toString(16).padStart(2, '0'))
    .join(':');
}

/** Major and minor number, as glibc's major() and minor() compute them; no device here has numbers beyond 32 bits. */
function numbersOf(device: bigint): [major: bigint, minor: bigint] {
  return [(device >> 8n) & 0xfffn, (device & 0xffn) | ((device >> 12n) & 0xfff00n)];
}

/** A path as it is, and without symbolic links. */
function namesOf(path: string): string[] {
  try {
    return [path, realPath(path)];
  } catch {
    return [path];
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The contents, with paths as lossless text; '' if a file cannot be read: the process has ended, or belongs to another user. */
function read(path: string): string {
  try {
    return decodePath(readFileSync(path));
  } catch {
    return '';
  }
}
