/** A file on disk, and what of it is on stable storage: an undo image must be stable before the writes that it undoes. */
import fs, { existsSync, fstatSync, readFileSync, readlinkSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname } from 'node:path';

export interface FileContent {
  /** what a crash is certain to leave; undefined if it may leave no such file */
  readonly certain: Buffer | undefined;
  /** all that was written */
  readonly latest: Buffer;
}

/**
 * Calls `changed` whenever the file is written or synchronized, until the returned function is called. The bytes are certain
 * once the file was synchronized, the name once its folder was.
 */
export function watchFile(path: string, changed: (content: FileContent) => void): () => void {
  const { writeSync, fsyncSync } = fs;
  let synchronized = Buffer.alloc(0);
  let named = false;
  const tell = () => {
    if (existsSync(path)) changed({ certain: named ? synchronized : undefined, latest: readFileSync(path) });
  };
  const replace = (functions: Partial<typeof fs>) => {
    Object.assign(fs, functions);
    syncBuiltinESMExports();
  };
  replace({
    writeSync: ((fd: number, ...rest: [never]) => {
      const written = writeSync(fd, ...rest);
      if (pathOf(fd) === path) tell();
      return written;
    }) as typeof writeSync,
    fsyncSync: (fd) => {
      fsyncSync(fd);
      if (pathOf(fd) === path) synchronized = readFileSync(path);
      if (pathOf(fd) === dirname(path) && fstatSync(fd).isDirectory()) named = existsSync(path);
      tell();
    },
  });
  return () => replace({ writeSync, fsyncSync });
}

function pathOf(fd: number): string {
  return readlinkSync(`/proc/self/fd/${fd}`);
}
