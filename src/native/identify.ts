import { type BigIntStats, statSync } from 'node:fs';
import { addon } from './addon.js';
import { DeviceError } from './error.js';
import { type DaxAttributes, findDax } from './sysfs.js';

/** Properties of a path, found without opening it (opening a FIFO waits, and opening an unknown device may have effects). */
export interface Identity {
  readonly kind: 'device' | 'file';
  /** bytes; of a file at the time of asking */
  readonly size: number;
  /** bytes: offsets and lengths of a device's mappings are multiples of it; of a file the page size */
  readonly align: number;
  /** equal for the same device or file, whatever path leads there */
  readonly identity: string;
  /** major and minor of a device, st_dev and st_ino of a file */
  readonly numbers: readonly [bigint, bigint];
  /** facts from sysfs about a device; undefined for a file */
  readonly dax: DaxAttributes | undefined;
}

/**
 * @param sysfs where sysfs is mounted
 * @throws DeviceError an errno name, NOT_DAX, NOT_A_DEVICE or EMPTY
 */
export function identify(path: string, sysfs: string): Identity {
  const stats = statPath(path);
  if (stats.isCharacterDevice()) return identifyDevice(path, stats.rdev, sysfs);
  if (!stats.isFile())
    throw new DeviceError({
      code: 'NOT_A_DEVICE',
      path,
      reason: `is a ${nameKind(stats)}, neither a dax device nor a regular file`,
    });
  if (stats.size === 0n) throw new DeviceError({ code: 'EMPTY', path });
  return {
    kind: 'file',
    size: Number(stats.size),
    align: addon().pageSize,
    identity: `file:${stats.dev}:${stats.ino}`,
    numbers: [stats.dev, stats.ino],
    dax: undefined,
  };
}

function identifyDevice(path: string, rdev: bigint, sysfs: string): Identity {
  // As glibc's major() and minor() take them apart
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n);
  const dax = findDax(sysfs, `${major}:${minor}`);
  if (dax === undefined) throw new DeviceError({ code: 'NOT_DAX', path });
  const { size, align, name } = dax;
  if (size === 0) throw new DeviceError({ code: 'EMPTY', path, daxdev: name });
  return { kind: 'device', size, align, identity: `char:${major}:${minor}`, numbers: [major, minor], dax };
}

function statPath(path: string): BigIntStats {
  try {
    return statSync(path, { bigint: true });
  } catch (cause) {
    const { code, errno } = cause as NodeJS.ErrnoException;
    if (code === undefined || errno === undefined) throw cause;
    throw new DeviceError({ code, syscall: 'stat', errno: -errno, path }); // all that Node's own error says
  }
}

function nameKind(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'directory';
  if (stats.isBlockDevice()) return 'block device';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return 'special file';
}
