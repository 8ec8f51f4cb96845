/** Names and daxdevs while they are being edited: what a rewritten log will say. Nothing of the log is changed here. */
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
  /** the map, where that is another one than the log's; it has the indices that daxdevs have in the old log */
  fmap: Fmap | undefined;
  /** by name; undefined for a file */
  readonly children: Map<string, EditedNode> | undefined;
  /** a field of its entry other than its path is another one */
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
  /** paths of the log by slot, where a directory on the way was renamed or the node itself */
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

  /** The node that a path means now, as findNode finds it. Throws what that throws. */
  find(given: string): EditedNode {
    return findIn((path) => this.lookUp(path), given);
  }

  /** The node at a path relative to the root; undefined where there is none. */
  lookUp(path: string): EditedNode | undefined {
    let node: EditedNode | undefined = this.root;
    for (const name of path === '' ? [] : path.split('/')) node = node?.children?.get(name);
    return node;
  }

  /** Whether the log has the node at the path that it has now. */
  keepsPath(node: EditedNode): boolean {
    return this.#paths.get(node.slot) === pathOf(node);
  }

  /** Takes a node out, with all that is below it. */
  remove(node: EditedNode): void {
    node.parent?.children?.delete(node.name);
    for (const inside of subtree(node)) inside.removed = true;
  }

  /** Moves a node to a name in a directory, which has none of that name. */
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

/** A node and all that is below it, each directory before what is in it. */
export function* subtree(node: EditedNode): Generator<EditedNode> {
  yield node;
  for (const child of node.children?.values() ?? []) yield* subtree(child);
}

function edited({ kind, slot, mode, uid, gid, size }: Node, name: string, parent: EditedNode | undefined): EditedNode {
  const children = kind === 'directory' ? new Map<string, EditedNode>() : undefined;
  return { kind, slot, name, parent, mode, uid, gid, size, fmap: undefined, children, changed: false, removed: false };
}
