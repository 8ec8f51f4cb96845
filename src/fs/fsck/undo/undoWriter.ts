import { randomBytes } from 'node:crypto';
import { closeSync, constants, fchmodSync, fsyncSync, ftruncateSync, openSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { viewOf } from '../../../format/struct.js';
import { superblockStruct } from '../../../format/superblock.js';
import type { MappedDevice } from '../../../native/device.js';
import { FamfsError } from '../../errors.js';
import type { Host } from '../../host/host.js';
import { hostPath } from '../../host/hostPath.js';
import { makeFolders } from '../../host/makeFolders.js';
import { syncNames } from '../../host/syncNames.js';
import { systemUuidFile } from '../../host/systemUuid.js';
import { writeAll } from '../../host/writeAll.js';
import { readShared, type Step, type Write } from '../../media/sharedMemory.js';
import { isSecondary } from '../../media/superblockReader.js';
import { isUnused } from './undoReader.js';
import {
  encodeLastLine,
  encodeRecord,
  FIRST_LINE,
  LAST_LINE_ROOM,
  MOST_IMAGE_BYTES,
  MOST_RECORDS,
  type WrittenDaxdev,
} from './undoRecord.js';
import { overlay } from './words.js';

/** Writes an undo image; every record is on stable storage when `record` returns. */
export class UndoWriter {
  readonly path: string;
  readonly #fd: number;
  #records = 0;
  /** bytes of the first line and of complete records */
  #end = 0;

  /**
   * Makes the file, which must not exist, unless it is the undo image of a run that changed nothing; a relative name starts at
   * the host's cwd. Without a name, makes a new one in a folder beside the system uuid. Throws UNDO_FILE or BAD_HOST_PATH.
   */
  constructor(
    private readonly host: Host,
    name: string | undefined,
  ) {
    const path = name === undefined ? newUndoFile(host) : hostPath(host, name);
    this.path = path;
    try {
      const folders = name === undefined ? makeFolders(dirname(path), 0o700) : undefined;
      this.#fd = openNew(path);
      this.#begin(folders);
    } catch (cause) {
      throw new FamfsError('UNDO_FILE', `cannot make the undo image ${path}: ${(cause as Error).message}`, {
        hint: 'name another file with --undo, or give --no-undo',
        cause,
      });
    }
  }

  #begin(folders: string | undefined): void {
    try {
      this.#end = writeAll(this.#fd, Buffer.from(FIRST_LINE), 0);
      syncNames(this.path, folders);
    } catch (error) {
      this.#remove();
      throw error;
    }
  }

  /** Saves the bytes that `steps` will overwrite. Throws UNDO_FILE if it cannot write them; nothing was changed then. */
  record(steps: readonly Step[]): void {
    try {
      const writes = steps.flat();
      // undo refuses them
      if (this.#records + writes.length > MOST_RECORDS) throw this.#tooLarge(`${MOST_RECORDS} records`);
      const daxdevs = new Map<MappedDevice, WrittenDaxdev>();
      for (const { device } of writes) if (!daxdevs.has(device)) daxdevs.set(device, daxdevAfter(device, writes));
      let end = this.#end;
      for (const write of writes) {
        const { device, offset, why } = write;
        const after = bytesOf(write);
        const before = readShared(device, offset, after.length);
        const record = encodeRecord({ ...(daxdevs.get(device) as WrittenDaxdev), offset, why, before, after });
        if (end + record.length > MOST_IMAGE_BYTES - LAST_LINE_ROOM)
          throw this.#tooLarge(`${MOST_IMAGE_BYTES / 2 ** 20} MiB`);
        end = writeAll(this.#fd, record, end);
      }
      fsyncSync(this.#fd);
      this.#records += writes.length;
      this.#end = end;
    } catch (cause) {
      if (cause instanceof FamfsError) throw cause;
      throw new FamfsError('UNDO_FILE', `cannot write the undo image ${this.path}: ${(cause as Error).message}`, {
        hint: 'name a file on a disk with more room with --undo, or give --no-undo',
        cause,
      });
    }
  }

  #tooLarge(limit: string): FamfsError {
    return new FamfsError(
      'UNDO_FILE',
      `the undo image ${this.path} would have over ${limit}, more than famfs undo reads`,
      {
        hint: 'save the metadata as it is with famfs dump, and give --no-undo',
      },
    );
  }

  /** Ends the image. An image without a record is removed, so that the run can be repeated with the same name. */
  close(): void {
    if (this.#records === 0) this.#remove();
    else this.#finish();
  }

  #finish(): void {
    try {
      // the remains of a record that could not be written
      ftruncateSync(this.#fd, this.#end);
      writeAll(this.#fd, Buffer.from(encodeLastLine(this.#records)), this.#end);
      fsyncSync(this.#fd);
    } catch (error) {
      const why = (error as Error).message;
      this.host.warn(
        'UNDO_FILE',
        `the undo image ${this.path} is incomplete (${why}): famfs undo --interrupted can use it`,
      );
    } finally {
      closeSync(this.#fd);
    }
  }

  #remove(): void {
    closeSync(this.#fd);
    unlinkSync(this.path);
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isUnused(path)) throw error;
    const fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
    ftruncateSync(fd);
    fchmodSync(fd, 0o600);
    return fd;
  }
}

function bytesOf(write: Write): Buffer {
  return 'bytes' in write ? Buffer.from(write.bytes) : Buffer.alloc(write.zeros);
}

/** The uuids in the superblock of a device once the writes are done. */
function daxdevAfter(device: MappedDevice, writes: readonly Write[]): WrittenDaxdev {
  const image = readShared(device, 0, superblockStruct.size);
  for (const write of writes)
    if (write.device === device) overlay(image, 0, { offset: write.offset, bytes: bytesOf(write) });
  const superblock = superblockStruct.read(viewOf(image), 0);
  const { fsUuid, deviceUuid, systemUuid } = superblock;
  const role = isSecondary(superblock) ? 'secondary' : 'primary';
  return { device: device.path, fsUuid, deviceUuid, systemUuid, role };
}

function newUndoFile(host: Host): string {
  const time = new Date().toISOString().replace(/[^0-9TZ]/g, '');
  return join(dirname(systemUuidFile(host)), 'undo', `${time}-${process.pid}-${randomBytes(3).toString('hex')}.undo`);
}
