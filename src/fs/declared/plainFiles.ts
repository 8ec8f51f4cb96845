/** Files of a manifest that have no bytes to be stored, as columns: they can be planned together. */
import type { FileColumns, PathColumns } from '../allocate/planBlock.js';
import type { DeclaredFile } from './declaration.js';

/** Files that follow each other in a manifest, with the same owner and layout. */
export interface PlainRun extends Pick<DeclaredFile, 'uid' | 'gid' | 'layout'> {
  readonly files: readonly DeclaredFile[];
}

/** All files as runs; undefined if one of them has bytes to be stored. */
export function plainRuns(files: readonly DeclaredFile[]): PlainRun[] | undefined {
  const runs: PlainRun[] = [];
  let begin = 0;
  for (let i = 0; i < files.length; i++) {
    if ((files[i] as DeclaredFile).content !== undefined) return undefined;
    const { uid, gid, layout } = files[begin] as DeclaredFile;
    const next = files[i + 1];
    if (next !== undefined && next.layout === layout && next.uid === uid && next.gid === gid) continue;
    runs.push({ uid, gid, layout, files: files.slice(begin, i + 1) });
    begin = i + 1;
  }
  return runs;
}

/** @param mode permission bits of files that declare none */
export function fileColumns({ files }: PlainRun, mode: number): FileColumns {
  const sizes = new Float64Array(files.length);
  const modes = new Uint16Array(files.length);
  for (let i = 0; i < files.length; i++) {
    const file = files[i] as DeclaredFile;
    // only a source that cannot be read leaves a size unknown
    sizes[i] = file.size as number;
    modes[i] = file.mode ?? mode;
  }
  return { ...pathColumns(files.map(({ path }) => path)), sizes, modes };
}

/** The ends are right if all paths are ASCII. If not, they are too small, and what is up to the last one is not ASCII, either. */
export function pathColumns(paths: readonly string[]): PathColumns {
  const pathEnds = new Uint32Array(paths.length);
  let end = 0;
  for (let i = 0; i < paths.length; i++) pathEnds[i] = end += (paths[i] as string).length;
  return { paths: Buffer.from(paths.join('')), pathEnds };
}
