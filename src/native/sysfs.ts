import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Facts from sysfs about a dax device. */
export interface DaxAttributes {
  /** daxX.Y */
  readonly name: string;
  /** bytes; 0 if unknown or none */
  readonly size: number;
  /** bytes */
  readonly align: number;
  /** its driver: device_dax if it can be mapped */
  readonly driver: string | undefined;
}

/** The default alignment of device-dax, which kernels without the attribute use. */
const DEFAULT_ALIGN = 2 * 1024 * 1024;

/** Newer kernels keep `align` in the device, older ones in its region. */
const ALIGN_PLACES = ['align', 'dax_region/align', 'device/align', 'device/dax_region/align'];

/**
 * The dax device with a character device number.
 * @param number 'MAJOR:MINOR'
 * @returns undefined when the number belongs to no dax device
 */
export function findDax(sysfs: string, number: string): DaxAttributes | undefined {
  const folder = findFolder(sysfs, number);
  if (folder === undefined) return undefined;
  const name = basename(tryTo(() => realpathSync(folder)) ?? folder);
  const folders = [folder, join(sysfs, 'bus/dax/devices', name), join(sysfs, 'class/dax', name)];
  return {
    name,
    size: readNumber(folders, ['size']) ?? 0,
    align: readNumber(folders, ALIGN_PLACES) ?? DEFAULT_ALIGN,
    driver: linkName(join(folder, 'driver')),
  };
}

function findFolder(sysfs: string, number: string): string | undefined {
  const byNumber = join(sysfs, 'dev/char', number);
  const subsystem = linkName(join(byNumber, 'subsystem'));
  if (subsystem !== undefined) return subsystem === 'dax' ? byNumber : undefined;
  // Kernels whose device number leads nowhere: the bus (or class) lists each device with its number
  for (const list of [join(sysfs, 'bus/dax/devices'), join(sysfs, 'class/dax')]) {
    for (const name of tryTo(() => readdirSync(list)) ?? []) {
      const folder = join(list, name);
      if (readText(join(folder, 'dev')) === number) return folder;
    }
  }
  return undefined;
}

function readNumber(folders: readonly string[], places: readonly string[]): number | undefined {
  for (const folder of folders) {
    for (const place of places) {
      const text = readText(join(folder, place));
      if (text !== undefined && /^(0x[0-9a-f]+|\d+)$/i.test(text)) return Number(text);
    }
  }
  return undefined;
}

function readText(path: string): string | undefined {
  return tryTo(() => readFileSync(path, 'latin1').trim());
}

function linkName(path: string): string | undefined {
  return tryTo(() => basename(readlinkSync(path)));
}

/** Absent and unreadable attributes are treated alike, as unknown. */
function tryTo<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
