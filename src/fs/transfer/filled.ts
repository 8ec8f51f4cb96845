/** Files of a copy into a file system, some of them in columns: what became of them, and what there is to say about each. */

import type { FillResult, InFile } from './filePlan.js';
import type { PartResult } from './fillFiles.js';
import { TreePart } from './treeFiles.js';

/** A file that is or would be copied in. */
export interface CopiedIn {
  /** path on this host, or `standard input` */
  readonly source: string;
  /** in the file system */
  readonly path: string;
  /** bytes */
  readonly size: number;
  /** true if it was overwritten in place */
  readonly existed: boolean;
}

/** Files in their order. What there is to say about each is made when it is asked for: there may be a million. */
export class CopiedFiles implements Iterable<CopiedIn> {
  readonly length: number;
  /** of all files */
  readonly bytes: number;

  constructor(private readonly files: readonly (InFile | TreePart)[]) {
    let length = 0;
    let bytes = 0;
    for (const one of files) {
      length += one instanceof TreePart ? one.to - one.from : 1;
      bytes += one instanceof TreePart ? bytesOf(one) : one.entry.size;
    }
    this.length = length;
    this.bytes = bytes;
  }

  *[Symbol.iterator](): Generator<CopiedIn> {
    for (const one of this.files) {
      if (one instanceof TreePart) yield* copiedOf(one);
      else yield { source: one.source, path: one.entry.path, size: one.entry.size, existed: !one.isNew };
    }
  }
}

/** The files that are done, in the order of the results, and the results of the others. */
export function sortOut(results: readonly (FillResult<InFile> | PartResult)[]): {
  done: CopiedFiles;
  others: FillResult<InFile>[];
} {
  const done: (InFile | TreePart)[] = [];
  const others: FillResult<InFile>[] = [];
  for (const result of results) {
    if ('plan' in result) {
      if (result.state === 'done') done.push(result.plan);
      else others.push(result);
      continue;
    }
    const { part, apart } = result;
    let from = part.from;
    for (const [index, one] of apart) {
      if (one.state === 'done') continue;
      if (index > from) done.push(new TreePart(part.tree, from, index));
      from = index + 1;
      others.push(one);
    }
    if (part.to > from) done.push(new TreePart(part.tree, from, part.to));
  }
  return { done: new CopiedFiles(done), others };
}

function bytesOf({ tree, from, to }: TreePart): number {
  let bytes = 0;
  for (let i = from; i < to; i++) bytes += tree.size(i);
  return bytes;
}

function* copiedOf({ tree, from, to }: TreePart): Generator<CopiedIn> {
  for (let i = from; i < to; i++)
    yield { source: tree.source(i), path: tree.path(i), size: tree.size(i), existed: false };
}
