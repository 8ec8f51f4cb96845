/** What a command does to memory and to a file of its own, in order. */
import { basename } from 'node:path';
import { observeMemory } from '../../src/native/device.js';
import { type FileContent, watchFile } from './hostFile.js';

export type Operation =
  | {
      readonly kind: 'store';
      readonly image: string;
      readonly offset: number;
      readonly bytes: Buffer;
      readonly thread: number;
    }
  | {
      readonly kind: 'writeBack';
      readonly image: string;
      readonly offset: number;
      readonly length: number;
      readonly thread: number;
    }
  | { readonly kind: 'fence'; readonly thread: number }
  | { readonly kind: 'file'; readonly content: FileContent }
  /** a command has reported to its caller what it made */
  | { readonly kind: 'report'; readonly made: readonly string[] };

/** Notes that a command has reported what it made. */
export type Report = (...made: string[]) => void;

/**
 * Runs `work` and returns what it did, in order. Images are named without their folder.
 * @param file path of a file on disk that is followed too
 */
export async function record(work: (report: Report) => Promise<void>, file?: string): Promise<Operation[]> {
  const operations: Operation[] = [];
  observeMemory({
    write: ({ path }, offset, bytes, thread) =>
      operations.push({ kind: 'store', image: basename(path), offset, bytes: Buffer.from(bytes), thread }),
    writeBack: ({ path }, offset, length, thread) =>
      operations.push({ kind: 'writeBack', image: basename(path), offset, length, thread }),
    fence: (_, thread) => operations.push({ kind: 'fence', thread }),
  });
  const unwatch =
    file === undefined ? undefined : watchFile(file, (content) => operations.push({ kind: 'file', content }));
  try {
    await work((...made) => operations.push({ kind: 'report', made }));
  } finally {
    unwatch?.();
    observeMemory(undefined);
  }
  return operations;
}
