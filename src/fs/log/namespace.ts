/** The tree of names that replaying the log gives. */
import { fitsField, PATH_FIELD_SIZE, parentPath, writePath } from '../../format/path.js';
import { viewOf } from '../../format/struct.js';
import { NodeColumns, type NodeEntry, type NodeFields } from './columns.js';
import { PathIndex } from './pathIndex.js';

/** Why a name cannot be made. */
export type NameFault = 'PATH_DUPLICATE' | 'PARENT_MISSING' | 'PARENT_NOT_DIRECTORY';

/** A file or directory. Its map is not kept: `slot` tells which entry to read for it. */
export interface Node extends NodeFields {
  readonly path: string;
}

/** What is added: the fields of a FILE or MKDIR entry, and where its path is, as PathIndex wants it. */
export interface NamedEntry extends NodeEntry {
  readonly pathView: DataView;
  readonly pathStart: number;
  readonly pathEnd: number;
}

const ROOT: Node = { kind: 'directory', path: '', slot: -1, mode: 0o755, uid: 0, gid: 0, size: 0 };
const ROOT_ROW = -1;
const SLASH = 0x2f;
/** bytes that are looked at behind a path */
const SLACK = 4;

export class Namespace {
  readonly #paths = new PathIndex();
  /** by the rows of #paths */
  readonly #rows = new NodeColumns();
  #directories = 0;
  #bytes = 0;
  /** the directory of the entry before, which tends to be that of the next one too */
  #lastParent = ROOT_ROW;
  /** the path that is asked for */
  readonly #asked = Buffer.alloc(PATH_FIELD_SIZE + SLACK);
  readonly #askedView = viewOf(this.#asked);

  /** Adds what an entry makes, or says why it cannot be there. */
  add(kind: Node['kind'], entry: NamedEntry, slot: number): NameFault | undefined {
    const { pathView, pathStart, pathEnd } = entry;
    const fault = this.#parentFault(pathView, pathStart, pathEnd);
    if (fault !== undefined) return fault;
    const row = this.#paths.add(pathView, pathStart, pathEnd);
    if (row < 0) return 'PATH_DUPLICATE';
    this.#rows.set(row, kind, slot, entry);
    if (kind === 'directory') this.#directories++;
    else this.#bytes += entry.size;
    return undefined;
  }

  /** Why nothing can be made at `path`, which an entry can hold: it exists, or its parent is no directory. */
  faultOf(path: string): NameFault | undefined {
    const end = writePath(this.#asked, 0, path);
    const fault = this.#parentFault(this.#askedView, 0, end);
    if (fault !== undefined) return fault;
    return this.#paths.find(this.#askedView, 0, end) < 0 ? undefined : 'PATH_DUPLICATE';
  }

  #parentFault(view: DataView, from: number, to: number): NameFault | undefined {
    const slash = lastSlash(view, from, to);
    if (slash < 0 || (this.#lastParent !== ROOT_ROW && this.#paths.is(this.#lastParent, view, from, slash)))
      return undefined;
    const parent = this.#paths.find(view, from, slash);
    if (parent < 0) return 'PARENT_MISSING';
    if (!this.#rows.isDirectory(parent)) return 'PARENT_NOT_DIRECTORY';
    this.#lastParent = parent;
    return undefined;
  }

  /** The node at a path relative to the root; '' is the root. */
  get(path: string): Node | undefined {
    if (path === '') return ROOT;
    if (!fitsField(path)) return undefined;
    const row = this.#paths.find(this.#askedView, 0, writePath(this.#asked, 0, path));
    return row < 0 ? undefined : { path, ...this.#rows.fields(row) };
  }

  /** All nodes but the root, in log order. */
  *nodes(): IterableIterator<Node> {
    for (let row = 0; row < this.#paths.count; row++) yield { path: this.#paths.text(row), ...this.#rows.fields(row) };
  }

  /** The direct children of each directory, in log order; '' is the root's key. */
  children(): Map<string, Node[]> {
    const children = new Map<string, Node[]>([['', []]]);
    for (const node of this.nodes()) {
      if (node.kind === 'directory') children.set(node.path, []);
      children.get(parentPath(node.path))?.push(node);
    }
    return children;
  }

  get fileCount(): number {
    return this.#paths.count - this.#directories;
  }

  /** directories, the root left out */
  get directoryCount(): number {
    return this.#directories;
  }

  /** sum of the files' sizes, bytes */
  get fileBytes(): number {
    return this.#bytes;
  }
}

/** Position of the last slash of bytes [from, to); -1 when there is none. */
function lastSlash(view: DataView, from: number, to: number): number {
  for (let at = to - 1; at >= from; at--) if (view.getUint8(at) === SLASH) return at;
  return -1;
}
