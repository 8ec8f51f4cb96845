import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { logHeaderStruct } from '../../../src/format/logHeader.js';
import { readU64 } from '../../../src/format/struct.js';
import { SUPERBLOCK_REGION, superblockStruct } from '../../../src/format/superblock.js';

/** A dax device's memory as the machine sees it that the tests run on: as a file. */
export class DeviceFile {
  readonly #fd: number;

  /** @param path an image, or what is behind a guest's first hmem device: dimm0 in its backing folder */
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

/** Looks about every millisecond; a sleep and not a busy loop, which would slow down what is being watched. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(1);
}
