/** Removes files and directories. */
import { FamfsError } from '../errors.js';
import { type EditedNode, type EditedTree, pathOf, subtree } from './editedTree.js';

/** A file or directory that was removed. */
export interface RemovedNode {
  readonly path: string;
  readonly kind: EditedNode['kind'];
  /** bytes; 0 for a directory */
  readonly size: number;
  /** log slot of the entry that made it */
  readonly slot: number;
}

/**
 * Removes the nodes at `paths`; with `recursive`, directories with everything in them. A path below an earlier one is removed
 * with it. Throws NO_ENTRY, BAD_PATH, NOT_A_DIRECTORY, IS_DIRECTORY, or IS_ROOT.
 */
export function removePaths(tree: EditedTree, paths: readonly string[], recursive: boolean): RemovedNode[] {
  // find all before removing any: one may be inside another
  const nodes = paths.map((path) => findRemovable(tree, path, recursive));
  return nodes.flatMap((node) => {
    if (node.removed) return [];
    const taken = Array.from(subtree(node), removedRow);
    tree.remove(node);
    return taken;
  });
}

export function removedRow(node: EditedNode): RemovedNode {
  const { kind, size, slot } = node;
  return { path: pathOf(node), kind, size, slot };
}

function findRemovable(tree: EditedTree, path: string, recursive: boolean): EditedNode {
  const node = tree.find(path);
  if (node === tree.root)
    throw new FamfsError('IS_ROOT', `${path} is the root, which cannot be removed`, {
      hint: 'name what is in it; famfs mkfs makes an empty file system',
    });
  if (node.kind === 'directory' && !recursive)
    throw new FamfsError('IS_DIRECTORY', `${path} is a directory`, { hint: '-r removes it with everything in it' });
  return node;
}
