/** Moves files and directories to other paths. */

import { isUtf8Path, lastName, parentPath } from '../../format/path.js';
import { FamfsError } from '../errors.js';
import { meansDirectory, newPath, requireUtf8Path } from '../log/givenPath.js';
import { type EditedNode, type EditedTree, pathOf, subtree } from './editedTree.js';
import { type RemovedNode, removedRow } from './remove.js';

/** A path that changed; the contents of a directory moved with it. */
export interface MovedNode {
  readonly from: string;
  readonly to: string;
  /** log slot of the entry that made it */
  readonly slot: number;
}

/**
 * Moves the nodes at `paths` into the directory `target`, or a single one to the path `target` if there is no such directory.
 * Throws NO_ENTRY, NO_PARENT, BAD_PATH, NOT_UTF8, IS_ROOT, IN_ITSELF, NOT_A_DIRECTORY for several paths without a target
 * directory, and EXISTS for a name that is taken, unless a file may replace a file.
 * @param allowBytes also allow new paths that are not UTF-8
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
    if (node === tree.root) throw new FamfsError('IS_ROOT', `${path} is the root, which cannot be moved`);
    const from = pathOf(node);
    const [parent, name] = into === undefined ? placeOf(tree, target) : [into, node.name];
    const old = parent.children?.get(name);
    if (old !== undefined && old !== node) replaced.push(give(tree, node, old, replace));
    refuseInside(node, parent);
    tree.move(node, parent, name);
    requirePaths(node);
    // nodes that had such a path before may still be moved
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

/** Parent and name of a path that may not exist yet. */
function placeOf(tree: EditedTree, target: string): [parent: EditedNode, name: string] {
  const path = newPath(target);
  const parent = tree.lookUp(parentPath(path));
  if (parent?.kind === 'directory') return [parent, lastName(path)];
  throw new FamfsError('NO_PARENT', `${path}: its parent ${parentPath(path)} is not a directory of the file system`, {
    hint: `make it with: famfs mkdir -p ${parentPath(path)}`,
    details: { path },
  });
}

/** Removes a file that another one replaces. */
function give(tree: EditedTree, node: EditedNode, old: EditedNode, replace: boolean): RemovedNode {
  const path = pathOf(old);
  const bothFiles = node.kind === 'file' && old.kind === 'file';
  if (!bothFiles || !replace)
    throw new FamfsError('EXISTS', `${path} exists`, {
      hint: bothFiles ? '--force replaces it, and its bytes are lost' : 'use another name, or remove it first',
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

/** Throws BAD_PATH if a path below the moved node is now one that no entry can hold. */
function requirePaths(node: EditedNode): void {
  for (const inside of subtree(node)) newPath(pathOf(inside));
}
