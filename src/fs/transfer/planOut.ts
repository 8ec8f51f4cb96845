/** Plans what to copy out of the file system, and to which places on this host. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { pathBytes } from '../../format/path.js';
import { FamfsError } from '../errors.js';
import { findNode } from '../log/findNode.js';
import type { Namespace, Node } from '../log/namespace.js';
import type { Tree } from '../log/tree.js';
import { type LocalPath, localText, orLocalError } from './localFile.js';
import { baseName } from './planIn.js';

const SLASH = 0x2f;

/** A file or directory of the file system, and the name of its copy; '' copies a directory's contents into the folder itself. */
export interface OutItem {
  readonly node: Node;
  readonly name: Buffer;
}

export interface OutPlan {
  /** the existing folder that everything is copied into */
  readonly folder: LocalPath;
  readonly items: readonly OutItem[];
  /** the contents of each directory, by its path */
  readonly tree: Tree;
  readonly fileCount: number;
  /** sum of the sizes of all files, bytes */
  readonly bytes: number;
}

/**
 * Plans to copy paths of the file system into `target`, an absolute path of this host, if that is a folder, otherwise to that
 * path. Throws NO_DIRECTORY or CANNOT_WRITE. Paths that cannot be copied go to `failed`.
 */
export function planOut(
  namespace: Namespace,
  paths: readonly string[],
  target: LocalPath,
  recursive: boolean,
  failed: (error: FamfsError) => void,
): OutPlan {
  const into = existsSync(target) && statSync(target).isDirectory();
  if (!into && (paths.length > 1 || target.at(-1) === SLASH)) throw noDirectory(target);
  const nodes = paths.flatMap((path) => findNodes(namespace, path, recursive, failed));
  const tree = namespace.tree();
  const end = into ? undefined : lastStep(target);
  const items = nodes.map(({ path, node }) => ({ node, name: end?.name ?? pathBytes(baseName(path)) }));
  const totals = { fileCount: 0, bytes: 0 };
  for (const { node } of items) addTotals(node, tree, totals);
  return { folder: end?.folder ?? target, items, tree, ...totals };
}

/** Folder and name of a target that is not a folder; if the target is a symbolic link, it is followed. */
function lastStep(target: LocalPath): { folder: LocalPath; name: Buffer } {
  const resolved = () => realpathSync.native(target, { encoding: 'buffer' });
  const path = existsSync(target) ? orLocalError('write', target, resolved) : target;
  // a character for each byte, so that none is lost
  const text = path.toString('latin1');
  const folder = Buffer.from(dirname(text), 'latin1');
  if (!existsSync(folder)) throw noDirectory(folder);
  return { folder, name: Buffer.from(basename(text), 'latin1') };
}

function noDirectory(folder: LocalPath): FamfsError {
  const path = localText(folder);
  return new FamfsError('NO_DIRECTORY', `${path}: no such directory on this host`, {
    hint: 'make it first',
    details: { path },
  });
}

/** The node at a path, or none and a call of `failed`. */
function findNodes(
  namespace: Namespace,
  path: string,
  recursive: boolean,
  failed: (error: FamfsError) => void,
): { path: string; node: Node }[] {
  let node: Node;
  try {
    node = findNode(namespace, path);
  } catch (error) {
    if (!(error instanceof FamfsError)) throw error;
    failed(error);
    return [];
  }
  if (node.kind === 'directory' && !recursive) {
    const hint = 'use -r to copy it with everything in it';
    failed(new FamfsError('IS_DIRECTORY', `${path} is a directory`, { hint, details: { path } }));
    return [];
  }
  return [{ path, node }];
}

function addTotals(node: Node, tree: Tree, totals: { fileCount: number; bytes: number }): void {
  if (node.kind === 'file') {
    totals.fileCount++;
    totals.bytes += node.size;
  }
  for (const child of tree.childrenOf(node)) addTotals(child, tree, totals);
}
