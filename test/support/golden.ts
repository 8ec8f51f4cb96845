/** Images that the reference wrote, sound and damaged, and some of our own (test/golden/README.md). */
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ROOT } from './root.js';

export const GOLDEN_MASTER = '8226ebc2-1d1f-45f1-a0b7-4deeb3cdda52';

const GIB = 1024 ** 3;
const SIZES: Readonly<Record<string, number>> = {
  g3: 16 * GIB,
  g4: 32 * GIB,
  g40: GIB / 16,
  g41: GIB / 16,
  g42: GIB / 16,
};

/** bytes of the device of an image */
export const goldenSize = (name: string): number => SIZES[name] ?? 4 * GIB;

const FOLDER = join(ROOT, 'test/golden');

/** a little more than superblock region and log have, so that they are unpacked in one piece */
const UNPACKED = 11 * 1024 ** 2;
/** bytes that an image has, or has not, as a whole */
const BLOCK = 64 * 1024;
const ZEROS = Buffer.alloc(BLOCK);

interface Golden {
  readonly sound: Buffer;
  /** of the same length, for damages: fresh memory for each of them costs more than the copy */
  readonly scratch: Buffer;
}

const unpacked = new Map<string, Golden>();

function golden(name: string): Golden {
  const known = unpacked.get(name);
  if (known !== undefined) return known;
  const sound = gunzipSync(readFileSync(goldenFile(`${name}.meta.gz`)), { chunkSize: UNPACKED });
  const made = { sound, scratch: Buffer.from(sound) };
  unpacked.set(name, made);
  return made;
}

/** A copy of the bytes of superblock region and log. */
export function goldenBytes(name: string): Buffer {
  return Buffer.from(golden(name).sound);
}

/** Path of a file beside the images. */
export function goldenFile(name: string): string {
  return join(FOLDER, name);
}

/**
 * Writes an image, changed by `damage`, into a folder as a sparse file of its device's size. Returns its path.
 * @param damage is given the bytes of superblock region and log, which are its own until it returns
 */
export function goldenImage(name: string, folder: string, damage?: (bytes: Buffer) => void): string {
  const { sound, scratch } = golden(name);
  if (damage !== undefined) {
    scratch.set(sound);
    damage(scratch);
  }
  const path = join(folder, `${name}.img`);
  writeSparse(path, damage === undefined ? sound : scratch, goldenSize(name));
  return path;
}

/** Writes a file of `size` bytes that begins with these; blocks of zeros are holes. */
function writeSparse(path: string, bytes: Buffer, size: number): void {
  const fd = openSync(path, 'w');
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = bytes.subarray(at, at + BLOCK);
    if (!block.equals(ZEROS.subarray(0, block.length))) writeSync(fd, block, 0, block.length, at);
  }
  ftruncateSync(fd, size);
  closeSync(fd);
}
