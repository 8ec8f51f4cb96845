/** The superblock at the start of a regular file, read without mapping it: the file is an image, or the meta file of a mount. */
import { closeSync, openSync, readSync } from 'node:fs';
import { pathBytes } from '../../format/path.js';
import { viewOf } from '../../format/struct.js';
import { SUPERBLOCK_MAGIC, type Superblock, superblockStruct } from '../../format/superblock.js';

/**
 * Fields as stored; undefined if the file is too short or lacks the magic. Throws what open(2) and read(2) throw.
 * @param path lossless text
 */
export function superblockInFile(path: string): Superblock | undefined {
  const fd = openSync(pathBytes(path), 'r');
  try {
    const image = Buffer.alloc(superblockStruct.size);
    if (readSync(fd, image, 0, image.length, 0) < image.length) return undefined;
    const superblock = superblockStruct.read(viewOf(image), 0);
    return superblock.magic === SUPERBLOCK_MAGIC ? superblock : undefined;
  } finally {
    closeSync(fd);
  }
}
