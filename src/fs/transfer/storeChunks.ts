/** Files filled from bytes of this process: an array, or a stream that is read as it is written. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FamfsError } from '../errors.js';
import { storePart } from './fileBytes.js';
import type { FileMap } from './fileMap.js';
import type { TransferControl } from './transferFile.js';

/** Bytes of a file in order, in pieces of any length. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** bytes that are stored before other work of this process gets its turn */
const MOST_AT_ONCE = 4 * 1024 ** 2;

/**
 * Stores chunks as the bytes of a file, and fences. Returns false if it was cancelled before the end. Throws STREAM_ENDED or
 * STREAM_GOES_ON for chunks of another length than the file's, POISON, what the chunks throw, and TypeError for a chunk that is
 * no Uint8Array.
 */
export async function storeChunks(map: FileMap, chunks: Chunks, control: TransferControl): Promise<boolean> {
  let at = 0;
  try {
    for await (const chunk of chunks) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError(`${map.path}: a chunk of its bytes is no Uint8Array`);
      if (chunk.length > map.size - at)
        throw otherLength(map, 'STREAM_GOES_ON', `have more than its ${map.size} bytes`);
      for (let from = 0; from < chunk.length; from += MOST_AT_ONCE) {
        if (control.signal.aborted) return false;
        const part = chunk.subarray(from, from + MOST_AT_ONCE);
        storePart(map, at, part);
        at += part.length;
        control.advance(part.length);
        await nextTurn();
      }
      if (control.signal.aborted) return false;
    }
  } finally {
    for (const device of map.devices) device.fence();
  }
  if (at < map.size) throw otherLength(map, 'STREAM_ENDED', `ended after ${at} of ${map.size} bytes`);
  return true;
}

function otherLength({ path, size }: FileMap, code: 'STREAM_ENDED' | 'STREAM_GOES_ON', what: string): FamfsError {
  return new FamfsError(code, `the bytes for ${path} ${what}`, {
    hint: 'give the size that they have',
    details: { path, size },
  });
}
