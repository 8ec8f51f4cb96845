import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { logHeaderStruct } from '../../../src/format/logHeader.js';
import { readU64 } from '../../../src/format/struct.js';
import { SUPERBLOCK_REGION, superblockStruct } from '../../../src/format/superblock.js';

/** The memory of a dax device, seen as a file of the machine that runs the tests. */
export class DeviceFile {
  readonly #fd: number;

  /** @param path an image, or the backing file of a guest's first hmem device: dimm0 in its backing folder */
  constructor(path: string) {
    this.#fd = openSync(path, 'r');
  }

  /** 0 while there is no famfs. */
  magic(): number {
    return this.#u64(superblockStruct.offsets.magic);
  }

  /** Slot of the log that the next entry goes to. */
  nextIndex(): number {
    return this.#u64(SUPERBLOCK_REGION + logHeaderStruct.offsets.nextIndex);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #u64(offset: number): number {
    const bytes = Buffer.alloc(8);
    readSync(this.#fd, bytes, 0, bytes.length, offset);
    return readU64(new DataView(bytes.buffer, bytes.byteOffset), 0);
  }
}

/** Polls every millisecond; a busy loop would slow down what it watches. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(1);
}
