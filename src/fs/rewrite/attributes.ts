/** Edits modes, owners, sizes and maps. */
import type { FileEntry } from '../../format/entries/file.js';
import { shortenedFmap } from '../../format/fmap.js';
import { FamfsError } from '../errors.js';
import { refuseDirectory } from '../log/findNode.js';
import type { Volume } from '../pool/volume.js';
import { type EditedNode, type EditedTree, pathOf, subtree } from './editedTree.js';

/** What chmod and chown set; absent fields stay unchanged. */
export interface Attributes {
  /** permission bits */
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/**
 * Sets attributes of the nodes at `paths`; with `recursive`, of everything below them too. Returns what was changed. Throws what
 * EditedTree.find throws, and IS_ROOT, since the log has no entry for the root.
 */
export function setAttributes(
  tree: EditedTree,
  paths: readonly string[],
  attributes: Attributes,
  recursive: boolean,
): EditedNode[] {
  const changed = new Set<EditedNode>();
  const nodes = paths.map((path) => tree.find(path));
  for (const [i, node] of nodes.entries()) {
    if (node === tree.root && !recursive)
      throw new FamfsError('IS_ROOT', `${paths[i]} is the root, whose mode and owner are always the same`);
    for (const inside of recursive ? subtree(node) : [node])
      if (inside !== tree.root && set(inside, attributes)) changed.add(inside);
  }
  return [...changed];
}

function set(node: EditedNode, { mode = node.mode, uid = node.uid, gid = node.gid }: Attributes): boolean {
  if (node.mode === mode && node.uid === uid && node.gid === gid) return false;
  Object.assign(node, { mode, uid, gid, changed: true });
  return true;
}

/**
 * Gives files of the tree the maps, sizes, modes and owners of other entries with their paths. The space of the old maps becomes free
 * with the new log. Throws what EditedTree.find throws.
 */
export function replaceFiles(tree: EditedTree, entries: Iterable<FileEntry>): void {
  for (const { path, size, mode, uid, gid, fmap } of entries)
    Object.assign(tree.find(path), { size, mode, uid, gid, fmap, changed: true });
}

/** A file that was shortened. Sizes in bytes. */
export interface ShortenedFile {
  readonly path: string;
  readonly before: number;
  readonly size: number;
}

/**
 * Shortens files to `size` bytes, 1 or more. Extents beyond the new size become free with the new log. Returns the files that
 * were longer. Throws NOT_A_FILE, BAD_SIZE for a file that is shorter, ENTRY_GONE, and what EditedTree.find throws.
 */
export function shorten(volume: Volume, tree: EditedTree, paths: readonly string[], size: number): ShortenedFile[] {
  return paths.flatMap((given) => {
    const node = tree.find(given);
    const path = pathOf(node);
    refuseDirectory(node, given, path);
    const before = node.size;
    if (before < size)
      throw new FamfsError('BAD_SIZE', `${path} has ${before} bytes, and files cannot grow`, {
        hint: 'make a longer file with famfs creat, and copy the bytes into it',
        details: { path, size: before },
      });
    if (before === size) return [];
    const { fmap } = volume.fileEntry({ slot: node.slot, path });
    node.fmap = shortenedFmap(fmap, size, volume.superblock.allocationUnit);
    node.size = size;
    node.changed = true;
    return [{ path, before, size }];
  });
}
