/** Files and directories that have another path in the new log. */

import { isUtf8Path, lastName, parentPath } from '../../format/path.js';
import { FamfsError } from '../errors.js';
import { meansDirectory, newPath, requireUtf8Path } from '../log/givenPath.js';
import { type EditedNode, type EditedTree, pathOf, subtree } from './editedTree.js';
import { type RemovedNode, removedRow } from './remove.js';

/** A path that became another; what was in a directory moved with it. */
export interface MovedNode {
  readonly from: string;
  readonly to: string;
  /** log slot of the entry that made it */
  readonly slot: number;
}

/**
 * Moves what the paths name into the directory `target`, or one of them to the path `target`, where there is no directory. Throws
 * NO_ENTRY, NO_PARENT, BAD_PATH, NOT_UTF8, IS_ROOT, IN_ITSELF, NOT_A_DIRECTORY for several paths without a directory to move them into, and EXISTS
 * for a name that is taken, unless a file is to be replaced by a file.
 * @param allowBytes give paths that are not UTF-8, too
 */
export function movePaths(
  tree: EditedTree,
  paths: readonly string[],
  target: string,
  replace: boolean,
  allowBytes = false,
): { moved: MovedNode[]; replaced: RemovedNode[] } {
  const into = directoryAt(tree, target, paths.length > 1);
  const replaced: RemovedNode[] = [];
  const moved = paths.map((path) => {
    const node = tree.find(path);
    if (node === tree.root) throw new FamfsError('IS_ROOT', `${path} is the root, which is never moved`);
    const from = pathOf(node);
    const [parent, name] = into === undefined ? placeOf(tree, target) : [into, node.name];
    const old = parent.children?.get(name);
    if (old !== undefined && old !== node) replaced.push(give(tree, node, old, replace));
    refuseInside(node, parent);
    tree.move(node, parent, name);
    requirePaths(node);
    // what had such a path already may be moved
    if (!allowBytes && isUtf8Path(from)) requireUtf8Path(pathOf(node));
    return { from, to: pathOf(node), slot: node.slot };
  });
  return { moved: moved.filter(({ from, to }) => from !== to), replaced };
}

function directoryAt(tree: EditedTree, target: string, needed: boolean): EditedNode | undefined {
  const node = tree.lookUp(newPath(target));
  if (node?.kind === 'directory') return node;
  if (!needed && !meansDirectory(target)) return undefined;
  throw new FamfsError('NOT_A_DIRECTORY', `${target} is not a directory of the file system`, {
    hint: `make it with: famfs mkdir ${target}`,
  });
}

/** Parent and name of a path that may be new. */
function placeOf(tree: EditedTree, target: string): [parent: EditedNode, name: string] {
  const path = newPath(target);
  const parent = tree.lookUp(parentPath(path));
  if (parent?.kind === 'directory') return [parent, lastName(path)];
  throw new FamfsError('NO_PARENT', `${path}: its parent ${parentPath(path)} is no directory of the file system`, {
    hint: `make it with: famfs mkdir -p ${parentPath(path)}`,
    details: { path },
  });
}

/** Takes out a file whose name another file gets. */
function give(tree: EditedTree, node: EditedNode, old: EditedNode, replace: boolean): RemovedNode {
  const path = pathOf(old);
  const bothFiles = node.kind === 'file' && old.kind === 'file';
  if (!bothFiles || !replace)
    throw new FamfsError('EXISTS', `${path} exists`, {
      hint: bothFiles ? '--force replaces it: its bytes are given up' : 'use another name, or remove it first',
      details: { path },
    });
  const row = removedRow(old);
  tree.remove(old);
  return row;
}

function refuseInside(node: EditedNode, parent: EditedNode): void {
  for (let above: EditedNode | undefined = parent; above !== undefined; above = above.parent)
    if (above === node)
      throw new FamfsError('IN_ITSELF', `${pathOf(node)} cannot be moved into itself`, {
        details: { path: pathOf(node) },
      });
}

/** Throws BAD_PATH where a path of what was moved is one that no entry can hold. */
function requirePaths(node: EditedNode): void {
  for (const inside of subtree(node)) newPath(pathOf(inside));
}
