/** File systems that scenarios start with. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MIB } from '../../support/sandbox.js';
import { IMAGE_SIZE, type Stand } from '../stand.js';

/** next sequence number and next index */
export const LOG_COUNTS = 0x200020;
export const OLD_FILES = ['old', 'old/a', 'old/b'];

/** mkfs options for a file system of small files */
export const SMALL_UNITS = ['--alloc-unit', '4k'];

/** A file system on the image `pool` with a directory and two files. */
export async function oldFs(stand: Stand, ...options: string[]): Promise<string[]> {
  await stand.ok('mkfs', '--quiet', ...options, stand.image('pool'));
  await stand.ok('mkdir', 'old', '--dev', 'pool');
  await stand.ok('creat', '-s', '2M', 'old/a', 'old/b', '--dev', 'pool');
  return ['pool'];
}

/** The same, but free space holds other bytes than zeros. */
export async function usedFs(stand: Stand, ...options: string[]): Promise<string[]> {
  const images = await oldFs(stand, ...options);
  const files = 10 * MIB;
  poke(stand, 'pool', files, Buffer.alloc(IMAGE_SIZE - files, 0xa5));
  return images;
}

/** Writes bytes into an image. */
export function poke(stand: Stand, image: string, offset: number, bytes: Uint8Array): void {
  const fd = openSync(join(stand.folder, image), 'r+');
  writeSync(fd, bytes, 0, bytes.length, offset);
  closeSync(fd);
}
