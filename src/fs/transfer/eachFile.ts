/** One operation on each of several files: checking, flushing, sending to a stream. */
import type { FamfsError } from '../errors.js';
import type { Node } from '../log/namespace.js';
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
 * otherwise the other files are still processed. Returns the files that were done; ends early when cancelled.
 */
export async function transferEach(
  volume: Volume,
  work: readonly FileWork[],
  control: TransferControl,
  failed: (error: FamfsError) => void,
): Promise<Node[]> {
  const done: Node[] = [];
  for (const { node, operation } of work) {
    try {
      const map = new FileMap(volume, volume.fileEntry(node));
      const { unreachable, cancelled } = await transferFile(map, operation, control);
      if (cancelled) break;
      for (const range of unreachable) failed(faultError(map.path, range, map.path));
      done.push(node);
    } catch (error) {
      failed(asFileError(error));
    }
  }
  return done;
}
