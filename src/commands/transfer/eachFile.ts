/** Commands that do one thing to each named file: verify, flush, cat. */
import { FamfsError } from '../../fs/errors.js';
import { findFile } from '../../fs/log/findNode.js';
import type { Node } from '../../fs/log/namespace.js';
import type { Volume } from '../../fs/pool/volume.js';
import { type FileWork, transferEach } from '../../fs/transfer/eachFile.js';
import { asFileError } from '../../fs/transfer/failures.js';
import type { FileOperation } from '../../fs/transfer/transferFile.js';
import type { Context, Result } from '../../ui/command.js';
import { withVolume } from '../options/device.js';
import type { Failures } from './failures.js';
import { type FileRow, type ProgressOptions, runTransfer, type TransferDocument, withControl } from './runTransfer.js';

export type EachFileDocument = TransferDocument<FileRow>;

export interface EachFile extends Omit<ProgressOptions, 'total'> {
  /** of the summary: `verified` */
  readonly verb: string;
  /** of all files, or of the file at a path as it was named */
  readonly operation: FileOperation | ((path: string) => FileOperation);
  readonly dev: readonly string[];
}

/**
 * Runs the operation on every file. Failures of single files are reported, and the exit code is then 1. A stream that cannot be
 * written ends the command, without an error if its reader has gone away (`| head`).
 */
export async function runEachFile(
  context: Context,
  paths: readonly string[],
  what: EachFile,
): Promise<Result<EachFileDocument>> {
  const { verb, operation, dev, ...progress } = what;
  const operationOf = typeof operation === 'function' ? operation : () => operation;
  return runTransfer(context, verb, async (failures) => {
    const failed = (error: FamfsError) => {
      if (error.code === 'CANNOT_WRITE') throw error;
      failures.add(error);
    };
    const done = await withVolume(context, dev, (volume) => {
      const found = findFiles(volume, paths, failures);
      const total = found.reduce((sum, { node: { size } }) => sum + size, 0);
      return withControl(context, { ...progress, total }, (control) => {
        const work = found.map(({ path, node }): FileWork => ({ node, operation: operationOf(path) }));
        return transferEach(volume, work, control, failed);
      });
    }).catch((error: unknown) => {
      if (isClosedPipe(error)) return [];
      throw error;
    });
    return { files: done.map(({ path, size }) => ({ path, size })), extra: {} };
  });
}

/** Finds the files, does nothing to them, and reports as runEachFile does. @param verb of the summary: `would verify` */
export async function planEachFile(
  context: Context,
  paths: readonly string[],
  verb: string,
  dev: readonly string[],
): Promise<Result<EachFileDocument>> {
  return runTransfer(context, verb, async (failures) => {
    const nodes = await withVolume(context, dev, (volume) => findFiles(volume, paths, failures));
    return { files: nodes.map(({ node: { path, size } }) => ({ path, size })), extra: {}, isPlan: true };
  });
}

function isClosedPipe(error: unknown): boolean {
  return error instanceof FamfsError && error.code === 'CANNOT_WRITE' && error.details?.reason === 'EPIPE';
}

/** The files at the paths; a path without one is a failure. */
function findFiles(volume: Volume, paths: readonly string[], failures: Failures): { path: string; node: Node }[] {
  return paths.flatMap((path) => {
    try {
      return [{ path, node: findFile(volume.replay.namespace, path) }];
    } catch (error) {
      failures.add(asFileError(error));
      return [];
    }
  });
}
