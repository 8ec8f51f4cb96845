/** Which processes have a dax device mapped: they would lose its memory with its driver. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DaxDevice, deviceNumber } from './daxDevices.js';
import { type Host, systemPath } from './host.js';

export interface MappingProcess {
  readonly pid: number;
  /** the name of its program, as far as the kernel keeps it; '' where that cannot be read */
  readonly name: string;
}

/** The first process with a mapping of the device; undefined where no process that may be looked at has one. */
export function processMapping(host: Host, device: DaxDevice): MappingProcess | undefined {
  const proc = systemPath(host, '/proc');
  const pids = list(proc).filter((name) => /^\d+$/.test(name));
  const number = deviceNumber(host, device.name);
  const pid = pids.find((candidate) => mapsDevice(join(proc, candidate), device, number));
  return pid === undefined ? undefined : { pid: Number(pid), name: read(join(proc, pid, 'comm')).trim() };
}

/** @param number MAJOR:MINOR of the device, which a process may have mapped by another node */
function mapsDevice(folder: string, { name, path }: DaxDevice, number: string | undefined): boolean {
  return sharedMappings(read(join(folder, 'maps'))).some(({ range, file }) => {
    if (file === path || file === `/dev/${name}`) return true;
    return number !== undefined && deviceNumberOf(join(folder, 'map_files', range)) === number;
  });
}

/** The shared mappings of files in a /proc/PID/maps; a dax device can be mapped in no other way. */
function sharedMappings(maps: string): { range: string; file: string }[] {
  return maps.split('\n').flatMap((line) => {
    const [, range, file] = /^(\S+) ..[-x]s \S+ \S+ \d+ +(\/.*?)(?: \(deleted\))?$/.exec(line) ?? [];
    return range === undefined || file === undefined ? [] : [{ range, file }];
  });
}

/** MAJOR:MINOR of the character device that a link leads to; undefined for anything else. */
function deviceNumberOf(path: string): string | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isCharacterDevice()) return undefined;
    // as glibc's major() and minor() take it apart; no dax device has numbers beyond 32 bits
    return `${(stats.rdev >> 8) & 0xfff}:${(stats.rdev & 0xff) | ((stats.rdev >> 12) & 0xfff00)}`;
  } catch {
    return undefined;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** '' where a file cannot be read: the process has ended, or is of another user. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
