/** Sorts the files and directories of a manifest: those to make, those that exist, and those that exist and differ. */
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import { isDirectlyIn, parentPath } from '../../format/path.js';
import { CreationPlan, type PlanTarget } from '../allocate/creationPlan.js';
import { type PlannedBlock, planBlock } from '../allocate/planBlock.js';
import { FamfsError } from '../errors.js';
import type { Node } from '../log/namespace.js';
import type { Content } from '../transfer/content.js';
import { refuseOwnImage } from '../transfer/localFile.js';
import { type Differences, directoryDifferences, fileDifferences } from './comparison.js';
import { actionFor, conflictHint } from './conflicts.js';
import type { Declaration, DeclaredContent, DeclaredFile, DeclaredNode } from './declaration.js';
import { fileColumns, filesOf, type PlainRun, pathColumns, plainRuns } from './fileRuns.js';
import type { ChangedNode, NewFile, NodeItem, NodePlan, NodePlanOptions } from './nodePlan.js';
import { catchObjection, conflict, type Objection } from './objection.js';

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

/** Plans everything that is declared for a pool. Writes nothing. Each objection keeps its place in the manifest. */
export function planNodes(target: PlanTarget, declared: Declaration, options: NodePlanOptions): NodePlan {
  const depth = ({ path }: DeclaredNode) => path.split('/').length;
  const directories = declared.directories.map((node) => ({ node, depth: depth(node) }));
  directories.sort((a, b) => a.depth - b.depth);
  const begin = () => {
    const planner = new Planner(target, options);
    for (const { node } of directories) planner.directory(node);
    return planner;
  };
  const runs = plainRuns(declared.files);
  const quick = runs && begin();
  if (runs !== undefined && quick?.plainFiles(runs)) return quick.finish();
  const planner = begin();
  for (const file of filesOf(declared.files)) planner.file(file);
  return planner.finish();
}

class Planner {
  readonly #plan: CreationPlan;
  readonly #made = new Set<string>();
  readonly #items: NodeItem[] = [];
  readonly #directories: MkdirEntry[] = [];
  readonly #files: NewFile[] = [];
  readonly #blocks: PlannedBlock[] = [];
  /** the files of the blocks */
  readonly #plain: PlainRun[] = [];
  readonly #replaced: NewFile[] = [];
  readonly #changed: ChangedNode[] = [];
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
    const { path } = declared;
    const node = this.target.volume.replay.namespace.get(path);
    if (node !== undefined) {
      this.#settle('directory', declared, node, directoryDifferences(node, declared));
      return;
    }
    const { owner, directoryMode } = this.options;
    const { uid = owner.uid, gid = owner.gid, mode = directoryMode } = declared;
    this.#attempt('directory', declared, undefined, () => {
      this.#makeParents(path);
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
    const differences = fileDifferences(node, declared, volume.defaultInterleave, entry);
    const action = this.#settle('file', declared, node, differences);
    if (action === 'replace')
      this.#attempt('file', declared, size, () => this.#replaceFile(declared, node, reasonsOf(differences)));
  }

  /** Plans all files as columns; false if they must be planned one by one, which takes another planner. */
  plainFiles(runs: readonly PlainRun[]): boolean {
    if (this.#objections.length > 0) return false;
    return runs.every((run) => catchObjection([], [], () => this.#plainRun(run)) === true);
  }

  #plainRun(run: PlainRun): boolean {
    const unproven: string[] = [];
    let parent: string | undefined;
    let isProven = false;
    for (const { paths } of run.parts) {
      for (const path of paths) {
        if (parent === undefined || !isDirectlyIn(parent, path)) {
          parent = parentPath(path);
          this.#makeParents(path);
          isProven = this.#plan.isNew(path);
        }
        if (!isProven) unproven.push(path);
      }
    }
    const { owner, fileMode } = this.options;
    const { uid = owner.uid, gid = owner.gid, layout } = run;
    const columns = fileColumns(run, fileMode);
    const names = unproven.length === run.count ? columns : pathColumns(unproven);
    const block = planBlock(this.target, this.#plan, columns, { uid, gid }, layout, names);
    if (block === undefined) return false;
    this.#blocks.push(block);
    this.#plain.push(run);
    return true;
  }

  finish(): NodePlan {
    const plain = this.#plain.reduce((sum, { count }) => sum + count, 0);
    const count = this.#plan.length + plain;
    if (this.#objections.length === 0) catchObjection(this.#objections, [], () => this.target.requireSlots(count));
    const counts = { create: plain, exists: 0, conflict: 0, keep: 0, change: 0, replace: 0 };
    for (const { action } of this.#items) counts[action]++;
    return {
      items: withPlain(this.#items, this.#plain),
      counts,
      directories: this.#directories,
      blocks: this.#blocks,
      files: this.#files,
      replaced: this.#replaced,
      changed: this.#changed,
      primarySpace: this.#plan.primarySpace,
      objections: this.#objections,
    };
  }

  #makeFile(declared: DeclaredFile): void {
    const { path, layout, sha256 } = declared;
    const { owner, fileMode } = this.options;
    const { uid = owner.uid, gid = owner.gid, mode = fileMode } = declared;
    const content = this.#contentOf(declared);
    this.#makeParents(path);
    // the size is undefined only if the source cannot be read, and then contentOf has thrown
    const { entry } = this.#plan.addFile({ path, size: declared.size as number, uid, gid, mode }, layout, false);
    this.#files.push({ entry, content, sha256 });
    this.#items.push({ action: 'create', kind: 'file', path, size: entry.size, reasons: [] });
  }

  /** A file in place of `node`, whose mode and owner stay unless others are declared. */
  #replaceFile(declared: DeclaredFile, node: Node, reasons: readonly string[]): void {
    const { path, layout, sha256, uid = node.uid, gid = node.gid, mode = node.mode, size = node.size } = declared;
    const content = this.#contentOf(declared);
    const entry = this.#plan.replaceFile({ path, size, uid, gid, mode }, layout);
    this.#replaced.push({ entry, content, sha256 });
    this.#items.push({ action: 'replace', kind: 'file', path, size, reasons });
  }

  /** Throws why the bytes of a file cannot be had. */
  #contentOf({ content: declared }: DeclaredFile): Content | undefined {
    const content = contentOf(declared);
    if (content?.from === 'file') refuseOwnImage(this.options.images, content.source.local, content.source);
    return content;
  }

  #makeParents(path: string): void {
    const above = parentPath(path);
    if (above === '' || this.#made.has(above)) return;
    if (this.target.volume.replay.namespace.get(above) !== undefined) return;
    this.#makeParents(above);
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

  /** Decides what becomes of a node that exists, and notes it; only a replacement is left to the caller. */
  #settle(kind: Node['kind'], declared: DeclaredNode, node: Node, differences: Differences): NodeItem['action'] {
    const { path, origin, onConflict, mode, uid, gid } = declared;
    const reasons = reasonsOf(differences);
    const action = actionFor(onConflict, node, kind, differences);
    if (action === 'replace') return action;
    this.#items.push({ action, kind, path, size: kind === 'file' ? node.size : undefined, reasons });
    if (action === 'change') this.#changed.push({ path, attributes: { mode, uid, gid } });
    if (action === 'conflict') {
      const hint = conflictHint(onConflict, node, kind);
      this.#objections.push({ origin, error: conflict(path, reasons, hint, { path }) });
    }
    return action;
  }
}

function reasonsOf({ made, attributes }: Differences): string[] {
  return [...made, ...attributes];
}

/** The items of a plan and, made when they are asked for, those of files that were planned as columns. */
function withPlain(items: readonly NodeItem[], plain: readonly PlainRun[]): Iterable<NodeItem> {
  return {
    *[Symbol.iterator]() {
      yield* items;
      for (const { parts } of plain)
        for (const { path, size } of filesOf(parts)) yield { action: 'create', kind: 'file', path, size, reasons: [] };
    },
  };
}

/** Throws the error that keeps a source from being copied. */
function contentOf(declared: DeclaredContent | undefined): Content | undefined {
  if (declared?.from !== 'file') return declared;
  if (declared.found instanceof FamfsError) throw declared.found;
  return { from: 'file', source: declared.found, verify: false };
}
