/** Names and daxdevs while they are edited, as input of a new log. The log itself is not changed here. */
import type { Fmap } from '../../format/fmap.js';
import { lastName, parentPath } from '../../format/path.js';
import { findIn } from '../log/findNode.js';
import type { Node } from '../log/namespace.js';
import type { Replay } from '../log/replay.js';

/** A file or directory that may be changed. The root has slot -1 and no parent. */
export interface EditedNode {
  readonly kind: Node['kind'];
  /** log slot of the entry that made it */
  readonly slot: number;
  /** the last part of its path; '' for the root */
  name: string;
  parent: EditedNode | undefined;
  mode: number;
  uid: number;
  gid: number;
  /** bytes; 0 for a directory */
  size: number;
  /** the new map, if it differs from the log's; with the indices of daxdevs in the old log */
  fmap: Fmap | undefined;
  /** by name; undefined for a file */
  readonly children: Map<string, EditedNode> | undefined;
  /** a field of its entry other than the path has changed */
  changed: boolean;
  removed: boolean;
}

/** A daxdev of the pool that may be changed. The primary has slot -1. */
export interface EditedDaxdev {
  readonly slot: number;
  /** in the old log */
  readonly index: number;
  uuid: string;
  /** bytes */
  size: number;
  /** uuid or size is another one */
  changed: boolean;
  /** it is not in the new log, where those after it have lower indices; no map may name it then */
  removed: boolean;
}

export class EditedTree {
  readonly root: EditedNode;
  /** all but the root, in log order */
  readonly nodes: readonly EditedNode[];
  /** by their indices in the old log */
  readonly daxdevs: readonly EditedDaxdev[];
  /** paths in the log by slot, for nodes that were renamed or are below a renamed directory */
  readonly #paths = new Map<number, string>();

  constructor({ namespace, daxdevs }: Pick<Replay, 'namespace' | 'daxdevs'>) {
    this.daxdevs = daxdevs.map(({ slot, index, uuid, size }) => {
      return { slot, index, uuid, size, changed: false, removed: false };
    });
    this.root = edited(namespace.get('') as Node, '', undefined);
    const directories = new Map<string, EditedNode>([['', this.root]]);
    this.nodes = Array.from(namespace.nodes(), (node) => {
      const parent = directories.get(parentPath(node.path)) as EditedNode;
      const made = edited(node, lastName(node.path), parent);
      parent.children?.set(made.name, made);
      if (made.children !== undefined) directories.set(node.path, made);
      this.#paths.set(made.slot, node.path);
      return made;
    });
  }

  /** Finds the node at a path, as findNode does. Throws what that throws. */
  find(given: string): EditedNode {
    return findIn((path) => this.lookUp(path), given);
  }

  /** The node at a path relative to the root; undefined if there is none. */
  lookUp(path: string): EditedNode | undefined {
    let node: EditedNode | undefined = this.root;
    for (const name of path === '' ? [] : path.split('/')) node = node?.children?.get(name);
    return node;
  }

  /** Whether the node's path is still the one in the log. */
  keepsPath(node: EditedNode): boolean {
    return this.#paths.get(node.slot) === pathOf(node);
  }

  /** Removes a node with everything below it. */
  remove(node: EditedNode): void {
    node.parent?.children?.delete(node.name);
    for (const inside of subtree(node)) inside.removed = true;
  }

  /** Moves a node to a free name in a directory. */
  move(node: EditedNode, parent: EditedNode, name: string): void {
    node.parent?.children?.delete(node.name);
    node.parent = parent;
    node.name = name;
    parent.children?.set(name, node);
  }
}

/** The path of a node relative to the root. */
export function pathOf({ name, parent }: EditedNode): string {
  return parent?.parent === undefined ? name : `${pathOf(parent)}/${name}`;
}

/** A node and everything below it, each directory before its contents. */
export function* subtree(node: EditedNode): Generator<EditedNode> {
  yield node;
  for (const child of node.children?.values() ?? []) yield* subtree(child);
}

function edited({ kind, slot, mode, uid, gid, size }: Node, name: string, parent: EditedNode | undefined): EditedNode {
  const children = kind === 'directory' ? new Map<string, EditedNode>() : undefined;
  return { kind, slot, name, parent, mode, uid, gid, size, fmap: undefined, children, changed: false, removed: false };
}
