/** Memory that cannot be read, for a test. */
import { truncateSync } from 'node:fs';
import { SUPERBLOCK_REGION } from '../../src/format/superblock.js';
import { observeMemory } from '../../src/native/device.js';

/**
 * Runs `work` while the memory of an image beyond `size` cannot be read: the image is cut short when its log is read, so
 * that the mapping reaches beyond its end, and gets its size back afterwards.
 */
export async function withPoison<T>(image: string, whole: number, size: number, work: () => Promise<T>): Promise<T> {
  observeMemory({
    invalidate: ({ path }, offset) => {
      if (path === image && offset >= SUPERBLOCK_REGION) truncateSync(image, size);
    },
  });
  try {
    return await work();
  } finally {
    observeMemory(undefined);
    truncateSync(image, whole);
  }
}
