/** One operation on each of several files: checking, flushing, sending to a stream. */
import type { FamfsError } from '../errors.js';
import type { Node } from '../log/namespace.js';
import { requireMaps } from '../pool/sameFs.js';
import type { Volume } from '../pool/volume.js';
import { asFileError, faultError } from './failures.js';
import { FileMap } from './fileMap.js';
import { type FileOperation, type TransferControl, transferFile } from './transferFile.js';

/** A file, and what to do with it. */
export interface FileWork {
  readonly node: Node;
  readonly operation: FileOperation;
}

/**
 * Runs an operation on one file after the other. An error of one file goes to `failed`, which may throw it to end the work;
 * otherwise the other files are still processed. Returns the files that were done; ends early when cancelled. Throws what
 * requireMaps throws: then the last bytes may be those of another file.
 */
export async function transferEach(
  volume: Volume,
  work: readonly FileWork[],
  control: TransferControl,
  failed: (error: FamfsError) => void,
): Promise<Node[]> {
  const done: Node[] = [];
  for (const { node, operation } of work) {
    const errors: FamfsError[] = [];
    let isCancelled = false;
    try {
      const map = new FileMap(volume, volume.fileEntry(node));
      const { unreachable, cancelled } = await transferFile(map, operation, control);
      isCancelled = cancelled;
      errors.push(...unreachable.map((range) => faultError(map.path, range, map.path)));
      if (!cancelled) done.push(node);
    } catch (error) {
      errors.push(asFileError(error));
    }
    // explains all other errors
    requireMaps(volume);
    for (const error of errors) failed(error);
    if (isCancelled) break;
  }
  return done;
}
