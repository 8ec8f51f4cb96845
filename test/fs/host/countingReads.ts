/** How often files are opened while something runs in this process. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Counts the openings for reading of each path, by openSync or readFileSync, until the work is done. */
export async function countingReads(work: () => Promise<unknown>): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const { openSync, readFileSync } = fs;
  const count = (path: unknown) => {
    counts.set(String(path), (counts.get(String(path)) ?? 0) + 1);
  };
  fs.openSync = (path, ...rest) => {
    count(path);
    return openSync(path, ...rest);
  };
  fs.readFileSync = ((path: fs.PathOrFileDescriptor, ...rest: [never]) => {
    count(path);
    return readFileSync(path, ...rest);
  }) as typeof fs.readFileSync;
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(fs, { openSync, readFileSync });
    syncBuiltinESMExports();
  }
  return counts;
}
