/** The directories of a pool by the space that their files take. */
import { parentPath } from '../format/path.js';
import type { PageFiles } from './pageData.js';

export interface Directory {
  /** relative to the root; '' is the root */
  readonly path: string;
  /** bytes allocated to the files directly in it */
  bytes: number;
  /** its rank among all, the largest first */
  rank: number;
}

export interface Directories {
  readonly all: readonly Directory[];
  /** the directory of each file */
  readonly of: readonly Directory[];
}

/** The directories that have files directly in them. `allocated`: bytes of each file's extents. */
export function directoriesOf({ paths }: Pick<PageFiles, 'paths'>, allocated: Float64Array): Directories {
  const byPath = new Map<string, Directory>();
  const of = paths.map((path, file) => {
    const parent = parentPath(path);
    const directory = byPath.get(parent) ?? { path: parent, bytes: 0, rank: 0 };
    byPath.set(parent, directory);
    directory.bytes += allocated[file] as number;
    return directory;
  });
  const all = [...byPath.values()].sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  for (const [rank, directory] of all.entries()) directory.rank = rank;
  return { all, of };
}
