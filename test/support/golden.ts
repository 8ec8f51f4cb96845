/** Images that the reference wrote, sound and damaged (test/golden/README.md). */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ROOT } from './root.js';

export const GOLDEN_MASTER = '8226ebc2-1d1f-45f1-a0b7-4deeb3cdda52';

const GIB = 1024 ** 3;
const SIZES: Readonly<Record<string, number>> = { g3: 16 * GIB, g4: 32 * GIB };

const FOLDER = join(ROOT, 'test/golden');

const unpacked = new Map<string, Buffer>();

/** A copy of the bytes of superblock region and log. */
export function goldenBytes(name: string): Buffer {
  const known = unpacked.get(name) ?? gunzipSync(readFileSync(goldenFile(`${name}.meta.gz`)));
  unpacked.set(name, known);
  return Buffer.from(known);
}

/** Path of a file beside the images. */
export function goldenFile(name: string): string {
  return join(FOLDER, name);
}

/** Writes an image, changed by `damage`, into a folder as a sparse file of its device's size. Returns its path. */
export function goldenImage(name: string, folder: string, damage: (bytes: Buffer) => void = () => {}): string {
  const bytes = goldenBytes(name);
  damage(bytes);
  const path = join(folder, `${name}.img`);
  writeFileSync(path, bytes);
  truncateSync(path, SIZES[name] ?? 4 * GIB);
  return path;
}
