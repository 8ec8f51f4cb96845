/** Checking and flushing the bytes of files where they are, and sending them to a stream. */
import { copyOutStream, invalidateSegments, verifyPattern, writeBackSegments } from '../../native/bulk.js';
import { FamfsError } from '../errors.js';
import type { Node } from '../log/namespace.js';
import type { Volume } from '../pool/volume.js';
import { type Attendant, type Work, type WorkOptions, type WorkResult, workOn } from './bulkWork.js';
import { refuseFailures } from './failures.js';
import { FileMap } from './fileMap.js';

/** Does something to all bytes of a file. Returns false when cancelled; throws POISON, WRONG_BYTE and the like. */
export type FileWork = (volume: Volume, node: Node, attendant: Attendant) => Promise<boolean>;

/** Checks that a file holds the seeded pattern, past what this host has cached. @param seed 0..2^64-1 */
export function verifySeed(seed: bigint): FileWork {
  return onFile((...call) => verifyPattern(call[0], call[1], seed, call[2]), { invalidate: true });
}

/** Writes back every cache line of a file, and fences. */
export const writeBackFile: FileWork = onFile((...call) => writeBackSegments(...call));

/** Drops every cache line of a file, and fences. */
export const invalidateFile: FileWork = onFile((...call) => invalidateSegments(...call));

/**
 * Sends a file to a pipe, socket, terminal or file, in its order.
 * @throws FamfsError also CANNOT_WRITE; `reason` EPIPE in its details says that nobody reads any more
 */
export function sendTo(fd: number, name: string): FileWork {
  return onFile((...call) => copyOutStream(call[0], call[1], fd, call[2]), { invalidate: true }, name);
}

function onFile(work: Work, options: WorkOptions = {}, other?: string): FileWork {
  return async (volume, node, attendant) => {
    const result: WorkResult = await workOn(new FileMap(volume, volume.fileEntry(node)), work, attendant, options);
    refuseFailures(node.path, result, other ?? node.path);
    return !result.cancelled;
  };
}

/**
 * Does the work on one file after the other; what fails goes to `failed`, the rest goes on. Returns the paths that were
 * done; ends early when cancelled.
 */
export async function onEach(
  volume: Volume,
  nodes: readonly Node[],
  work: FileWork,
  attendant: Attendant,
  failed: (error: FamfsError) => void,
): Promise<Node[]> {
  const done: Node[] = [];
  for (const node of nodes) {
    if (attendant.signal.aborted) break;
    try {
      if (await work(volume, node, attendant)) done.push(node);
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      failed(error);
    }
  }
  return done;
}
