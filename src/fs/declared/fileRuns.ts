/** Files of a manifest as runs; those that have no bytes to be stored as columns, too: they can be planned together. */
import type { FileColumns, PathColumns } from '../allocate/planBlock.js';
import type { DeclaredFile, FileRun, Origin } from './declaration.js';

/** Runs that follow each other, with the same owner and layout. */
export interface PlainRun extends Pick<DeclaredFile, 'uid' | 'gid' | 'layout'> {
  readonly parts: readonly FileRun[];
  /** files */
  readonly count: number;
}

/** The files of runs, one by one. */
export function* filesOf(runs: readonly FileRun[]): Generator<DeclaredFile> {
  for (const { paths, sizes, isList, origin, ...stated } of runs) {
    for (const [i, path] of paths.entries())
      yield { path, size: sizes[i], origin: isList ? itemAfter(origin, i) : origin, ...stated };
  }
}

/** The place of the item of a list that is `by` after the one at `origin`. */
export function itemAfter(origin: Origin, by: number): Origin {
  return [...origin.slice(0, -1), Number(origin.at(-1)) + by];
}

/** All files, in larger runs; undefined if one of them has bytes to be stored. */
export function plainRuns(runs: readonly FileRun[]): PlainRun[] | undefined {
  const plain: PlainRun[] = [];
  let begin = 0;
  let count = 0;
  for (const [i, run] of runs.entries()) {
    if (run.content !== undefined) return undefined;
    count += run.paths.length;
    const { uid, gid, layout } = run;
    const next = runs[i + 1];
    if (next !== undefined && next.layout === layout && next.uid === uid && next.gid === gid) continue;
    plain.push({ uid, gid, layout, parts: runs.slice(begin, i + 1), count });
    begin = i + 1;
    count = 0;
  }
  return plain;
}

/** @param mode permission bits of files that declare none */
export function fileColumns({ parts, count }: PlainRun, mode: number): FileColumns {
  const sizes = new Float64Array(count);
  const modes = new Uint16Array(count);
  let begin = 0;
  for (const part of parts) {
    const end = begin + part.paths.length;
    // only a source that cannot be read leaves a size unknown
    sizes.set(part.sizes as ArrayLike<number>, begin);
    modes.fill(part.mode ?? mode, begin, end);
    begin = end;
  }
  return { ...pathColumns(parts.flatMap(({ paths }) => paths)), sizes, modes };
}

/** The ends are right if all paths are ASCII. If not, they are too small, and what is up to the last one is not ASCII, either. */
export function pathColumns(paths: readonly string[]): PathColumns {
  const pathEnds = new Uint32Array(paths.length);
  let end = 0;
  for (let i = 0; i < paths.length; i++) pathEnds[i] = end += (paths[i] as string).length;
  return { paths: Buffer.from(paths.join('')), pathEnds };
}
