/** The bytes that the memory of a file holds, a part at a time. */
import { DeviceError } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import { readShared, store } from '../media/sharedMemory.js';
import type { FileMap } from './fileMap.js';

/** The range of a file to read, in bytes; it must lie inside the file. */
export interface FileRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * Bytes of a file as they are in memory, not as this host has cached them, in order. A part has at most `most` bytes; it is read
 * when it is drawn. Throws POISON for memory that cannot be read, and DeviceError CLOSED once the file system is closed.
 */
export function* readParts(map: FileMap, { offset, length }: FileRange, most: number): Generator<Buffer> {
  for (const { start, end, device, offset: from } of map.runs(offset, offset + length)) {
    for (let at = start; at < end; at += most) {
      const bytes = Math.min(most, end - at);
      yield orPoison(map, 'read', () => readShared(device, from + at - start, bytes));
    }
  }
}

/**
 * Stores bytes from `offset` of a file on and writes them back; the caller fences its daxdevs. They must fit. Throws POISON for
 * memory that cannot be written.
 */
export function storePart(map: FileMap, offset: number, bytes: Uint8Array): void {
  for (const { start, end, device, offset: to } of map.runs(offset, offset + bytes.length))
    orPoison(map, 'written', () => store(device, to, bytes.subarray(start - offset, end - offset)));
}

function orPoison<T>({ path }: FileMap, action: 'read' | 'written', work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof DeviceError) || cause.code === 'CLOSED') throw cause;
    throw new FamfsError('POISON', `${path}: memory cannot be ${action}: ${cause.message}`, {
      details: { path, device: cause.path, deviceOffset: cause.offset },
      cause,
    });
  }
}
