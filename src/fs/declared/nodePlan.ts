/** Sorts the files and directories of a manifest: those to make, those that exist, and those in conflict with what exists. */
import type { FileEntry } from '../../format/entries/file.js';
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import { parentPath } from '../../format/path.js';
import { CreationPlan, type Owner, type PlanTarget } from '../allocate/creationPlan.js';
import type { Random } from '../allocate/random.js';
import { FamfsError } from '../errors.js';
import type { Content } from '../transfer/content.js';
import { refuseOwnImage } from '../transfer/localFile.js';
import { directoryReasons, fileReasons } from './comparison.js';
import type { Declaration, DeclaredContent, DeclaredFile, DeclaredNode, Origin } from './declaration.js';
import { catchObjection, conflict, type Objection } from './objection.js';

/** Values for fields that the manifest leaves out, and the images that must not be copied. */
export interface NodePlanOptions {
  readonly owner: Owner;
  readonly fileMode: number;
  readonly directoryMode: number;
  /** of missing parents that are made implicitly */
  readonly parentMode: number;
  /** identities of the images that hold the pool */
  readonly images: ReadonlySet<string>;
  readonly random: Random;
}

/** create: must be made; exists: as declared; conflict: exists but differs, or cannot be made */
export type NodeAction = 'create' | 'exists' | 'conflict';

export interface NodeItem {
  readonly action: NodeAction;
  readonly kind: 'directory' | 'file';
  readonly path: string;
  /** bytes of a file; undefined if unknown */
  readonly size: number | undefined;
  /** conflicts, as ends of a sentence */
  readonly reasons: readonly string[];
}

export interface NewFile {
  readonly entry: FileEntry;
  readonly content: Content | undefined;
  readonly sha256: string | undefined;
}

export interface NodePlan {
  /** each directory after its parents, then the files in the order of the manifest */
  readonly items: readonly NodeItem[];
  readonly directories: readonly MkdirEntry[];
  readonly files: readonly NewFile[];
  /** why the plan cannot be carried out */
  readonly objections: readonly Objection[];
}

/** Errors that say nothing about the files that follow. */
const OF_ONE_ITEM = new Set([
  'BAD_PATH',
  'NOT_UTF8',
  'EXISTS',
  'NO_PARENT',
  'BAD_LAYOUT',
  'NO_SUCH_DAXDEV',
  'IS_THE_IMAGE',
  // these concern one source only
  'CANNOT_READ',
  'IS_DIRECTORY',
  'SPECIAL_FILE',
  'EMPTY_FILE',
  'LINK',
]);
const CONFLICT_HINT = 'change the manifest, or what exists: apply never changes that';

/** Plans everything that is declared for a pool. Writes nothing. Each objection keeps its place in the manifest. */
export function planNodes(target: PlanTarget, declared: Declaration, options: NodePlanOptions): NodePlan {
  const planner = new Planner(target, options);
  const depth = ({ path }: DeclaredNode) => path.split('/').length;
  const directories = declared.directories.map((node) => ({ node, depth: depth(node) }));
  directories.sort((a, b) => a.depth - b.depth);
  for (const { node } of directories) planner.directory(node);
  for (const file of declared.files) planner.file(file);
  return planner.finish();
}

class Planner {
  readonly #plan: CreationPlan;
  readonly #made = new Set<string>();
  readonly #items: NodeItem[] = [];
  readonly #directories: MkdirEntry[] = [];
  readonly #files: NewFile[] = [];
  readonly #objections: Objection[] = [];
  /** one file found no space, so the others are not tried */
  #gaveUp = false;

  constructor(
    private readonly target: PlanTarget,
    private readonly options: NodePlanOptions,
  ) {
    this.#plan = new CreationPlan(target, options.random);
  }

  directory(declared: DeclaredNode): void {
    if (this.#gaveUp) return;
    const { path, origin } = declared;
    const node = this.target.volume.replay.namespace.get(path);
    if (node !== undefined) {
      this.#judge('directory', declared, undefined, directoryReasons(node, declared));
      return;
    }
    const { owner, directoryMode } = this.options;
    const { uid = owner.uid, gid = owner.gid, mode = directoryMode } = declared;
    this.#attempt('directory', declared, undefined, () => {
      this.#makeParents(path, origin);
      this.#makeDirectory({ path, uid, gid, mode });
    });
  }

  file(declared: DeclaredFile): void {
    if (this.#gaveUp) return;
    const { path, size } = declared;
    const { volume } = this.target;
    const node = volume.replay.namespace.get(path);
    if (node === undefined) {
      this.#attempt('file', declared, size, () => this.#makeFile(declared));
      return;
    }
    const entry = () => volume.fileEntry(node);
    const reasons = fileReasons(node, declared, volume.defaultInterleave, entry);
    this.#judge('file', declared, node.size, reasons);
  }

  finish(): NodePlan {
    if (this.#objections.length === 0)
      catchObjection(this.#objections, [], () => this.target.requireSlots(this.#plan.length));
    return {
      items: this.#items,
      directories: this.#directories,
      files: this.#files,
      objections: this.#objections,
    };
  }

  #makeFile(declared: DeclaredFile): void {
    const { path, origin, layout, sha256 } = declared;
    const { owner, fileMode } = this.options;
    const { uid = owner.uid, gid = owner.gid, mode = fileMode } = declared;
    const content = contentOf(declared.content);
    if (content?.from === 'file') refuseOwnImage(this.options.images, content.source.local, content.source);
    this.#makeParents(path, origin);
    // the size is undefined only if the source cannot be read, and then contentOf has thrown
    const { entry } = this.#plan.addFile({ path, size: declared.size as number, uid, gid, mode }, layout, false);
    this.#files.push({ entry, content, sha256 });
    this.#items.push({ action: 'create', kind: 'file', path, size: entry.size, reasons: [] });
  }

  #makeParents(path: string, origin: Origin): void {
    const above = parentPath(path);
    if (above === '' || this.#made.has(above)) return;
    if (this.target.volume.replay.namespace.get(above) !== undefined) return;
    this.#makeParents(above, origin);
    const { owner, parentMode } = this.options;
    this.#makeDirectory({ path: above, ...owner, mode: parentMode });
  }

  #makeDirectory(request: { path: string; uid: number; gid: number; mode: number }): void {
    const entry = this.#plan.addDirectory(request, false);
    if (entry === undefined) return;
    this.#made.add(entry.path);
    this.#directories.push(entry);
    this.#items.push({ action: 'create', kind: 'directory', path: entry.path, size: undefined, reasons: [] });
  }

  #attempt(kind: NodeItem['kind'], { path, origin }: DeclaredNode, size: number | undefined, make: () => void): void {
    const before = this.#objections.length;
    catchObjection(this.#objections, origin, make);
    const error = this.#objections[before]?.error;
    if (error === undefined) return;
    this.#gaveUp = !OF_ONE_ITEM.has(error.code);
    this.#items.push({ action: 'conflict', kind, path, size, reasons: [error.message] });
  }

  #judge(kind: NodeItem['kind'], { path, origin }: DeclaredNode, size: number | undefined, reasons: string[]): void {
    const action = reasons.length === 0 ? 'exists' : 'conflict';
    this.#items.push({ action, kind, path, size, reasons });
    if (action === 'conflict')
      this.#objections.push({ origin, error: conflict(path, reasons, CONFLICT_HINT, { path }) });
  }
}

/** Throws the error that keeps a source from being copied. */
function contentOf(declared: DeclaredContent | undefined): Content | undefined {
  if (declared?.from !== 'file') return declared;
  if (declared.found instanceof FamfsError) throw declared.found;
  return { from: 'file', source: declared.found, verify: false };
}
