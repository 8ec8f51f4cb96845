/** Plans the sources of a copy one by one, and small files in new directories, which most of a tree are, as columns. */
import { FILE_FLAG_READ_WRITE, type FileEntry } from '../../format/entries/file.js';
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import type { Extent } from '../../format/fmap.js';
import { MAX_PATH_BYTES } from '../../format/path.js';
import { CreationPlan, type FileRequest, type Owner, type PlannedFile } from '../allocate/creationPlan.js';
import type { Layout } from '../allocate/placement.js';
import { FamfsError } from '../errors.js';
import { isAscii, isAsciiName, relativePath } from '../log/givenPath.js';
import type { InFile } from './filePlan.js';
import { isSmallSize } from './fillSmallFiles.js';
import type { InOptions, InPlan, InTarget } from './inPlan.js';
import { type ListedFiles, MODE_BITS, nameStart, type Source } from './listedFiles.js';
import { isOwnImage, ownImageError, ownImages } from './localFile.js';
import type { Found } from './sourceTree.js';
import { TreeFiles, TreePart } from './treeFiles.js';

/** Errors that affect one file only; any other ends the command before it has changed anything. */
const OF_ONE_FILE = new Set(['BAD_PATH', 'EXISTS', 'NO_PARENT', 'NOT_UTF8', 'BAD_SIZE', 'IS_THE_IMAGE', 'ENTRY_GONE']);

export class InPlanner {
  readonly #plan: CreationPlan;
  readonly #directories: MkdirEntry[] = [];
  readonly #files: (InFile | TreePart)[] = [];
  /** the files of a tree that were planned last, from this index on; they are not in #files yet */
  #part: { readonly tree: TreeFiles; readonly from: number } | undefined;
  #fileCount = 0;
  #bytes = 0;
  /** existing files that are targets */
  readonly #overwritten = new Set<string>();
  #unknownOwners = 0;
  readonly #images: ReadonlySet<string>;
  /** the directory that was refused last: nothing below it is tried */
  #refused: string | undefined;
  /** new directories that so far have only what the current operand has in them */
  #fresh = new Set<string>();

  constructor(
    private readonly session: InTarget,
    private readonly options: InOptions,
  ) {
    this.#plan = new CreationPlan(session, options.random, options.allowBytes);
    this.#images = ownImages(session.volume);
  }

  /** Plans the sources of one operand. @param base where the operand goes */
  addAll(sources: readonly Found[], base: string): void {
    this.#fresh = new Set();
    const most = sources.reduce((sum, found) => sum + (found.kind === 'files' ? found.to - found.from : 0), 0);
    const tree = new TreeFiles(sources[0] as Source, base, most, this.options.verify);
    for (const found of sources) {
      if (found.kind !== 'files') this.#add(found, joinPath(base, found.below));
      else if (this.#isFresh(joinPath(base, found.folder))) this.#addColumns(found, tree);
      else for (const source of found.sources()) this.#add(source, joinPath(base, source.below));
    }
  }

  #add(source: Source, path: string): void {
    if (this.#refused !== undefined && path.startsWith(`${this.#refused}/`)) return;
    try {
      if (source.kind === 'directory') this.#addDirectory(source, path);
      else this.#addFile(source, path);
    } catch (error) {
      if (!(error instanceof FamfsError) || !OF_ONE_FILE.has(error.code)) throw error;
      if (source.kind === 'directory') this.#refused = path;
      this.options.failed(error);
    }
  }

  finish(): InPlan {
    this.session.requireSlots(this.#plan.length);
    this.#closePart();
    const { kept, unaligned } = this.#plan;
    return {
      directories: this.#directories,
      files: this.#files,
      fileCount: this.#fileCount,
      bytes: this.#bytes,
      kept,
      unaligned,
      unknownOwners: this.#unknownOwners,
    };
  }

  #ownerOf(source: Owner): Owner {
    const { owner, caller, unmapped, override } = this.options;
    const uid = override.uid ?? owner?.uid;
    const gid = override.gid ?? owner?.gid;
    const isUnknown =
      (uid === undefined && source.uid === unmapped.uid) || (gid === undefined && source.gid === unmapped.gid);
    if (isUnknown) this.#unknownOwners++;
    return {
      uid: uid ?? (source.uid === unmapped.uid ? caller.uid : source.uid),
      gid: gid ?? (source.gid === unmapped.gid ? caller.gid : source.gid),
    };
  }

  #addDirectory(source: Source, path: string): void {
    if (this.#isTarget(path) || this.session.volume.replay.namespace.get(path)?.kind === 'directory') return;
    const { uid, gid } = this.#ownerOf(source);
    const entry = this.#plan.addDirectory({ path, mode: source.mode, uid, gid }, false);
    if (entry === undefined) return;
    this.#directories.push(entry);
    this.#fresh.add(entry.path);
  }

  #addFile(source: Source, path: string): void {
    if (isOwnImage(this.#images, source)) throw ownImageError(source.text);
    const { uid, gid } = this.#ownerOf(source);
    if (this.#isTarget(path)) throw existsError(path, 'is already the target of an earlier source');
    const { override, ownerAsked, verify } = this.options;
    const { size } = source;
    const mode = override.mode ?? source.mode;
    const requested = ownerAsked ? { mode, uid, gid } : override;
    const { entry, isNew } = placeFile(
      this.session,
      this.#plan,
      { path, size, mode, uid, gid, requested },
      this.options.layout,
    );
    if (!isNew) this.#overwritten.add(path);
    this.#push({ entry, isNew, content: { from: 'file', source, verify }, source: source.text });
  }

  #push(file: InFile): void {
    this.#closePart();
    this.#files.push(file);
    this.#fileCount++;
    this.#bytes += file.entry.size;
  }

  /** Whether nothing but the operand's own files can be in a directory. */
  #isFresh(path: string): boolean {
    return this.#fresh.has(path) && isAscii(path);
  }

  /** Plans files of a fresh directory: as columns, but for those about which more is to be said. */
  #addColumns(listed: ListedFiles, tree: TreeFiles): void {
    const directory = joinPath(tree.base, listed.folder);
    const first = tree.count;
    for (let i = listed.from; i < listed.to; i++) {
      if (this.#isOrdinary(listed, i, directory)) this.#addColumn(listed, i, tree, directory);
      else {
        const source = listed.source(i);
        this.#add(source, joinPath(tree.base, source.below));
      }
    }
    if (tree.count > first) this.#plan.addBlock(directory, new TreePart(tree, first, tree.count));
  }

  #isOrdinary(listed: ListedFiles, index: number, directory: string): boolean {
    const { table, names } = listed;
    const start = nameStart(listed, index);
    const end = table.nameEnd(index);
    return (
      isAsciiName(names, start, end) &&
      directory.length + 1 + end - start <= MAX_PATH_BYTES &&
      // an image of the file system is larger
      isSmallSize(table.size(index))
    );
  }

  #addColumn(listed: ListedFiles, index: number, tree: TreeFiles, directory: string): void {
    const { table } = listed;
    const { override, layout } = this.options;
    const size = table.size(index);
    const path = () => joinPath(tree.base, listed.source(index).below);
    const fmap = this.#plan.placeInBlock(size, layout, path);
    const { uid, gid } = this.#ownerOf({ uid: table.uid(index), gid: table.gid(index) });
    const mode = override.mode ?? table.mode(index) & MODE_BITS;
    const [extent] = fmap.extents as readonly [Extent];
    if (fmap.layout !== 'simple' || fmap.extents.length > 1) {
      const entry: FileEntry = { type: 'FILE', path: path(), size, flags: FILE_FLAG_READ_WRITE, uid, gid, mode, fmap };
      const source = listed.source(index);
      this.#plan.addPlaced(entry);
      const { verify } = this.options;
      this.#push({ entry, isNew: true, content: { from: 'file', source, verify }, source: source.text });
      return;
    }
    tree.add(listed, index, directory, { size, mode, uid, gid }, extent);
    this.#fileCount++;
    this.#bytes += size;
    if (this.#part?.tree === tree) return;
    this.#closePart();
    this.#part = { tree, from: tree.count - 1 };
  }

  /** Whatever is planned next does not belong to the files of a tree that were planned last. */
  #closePart(): void {
    if (this.#part === undefined) return;
    const { tree, from } = this.#part;
    this.#files.push(new TreePart(tree, from, tree.count));
    this.#part = undefined;
  }

  #isTarget(path: string): boolean {
    return this.#plan.isPlanned(path) || this.#overwritten.has(path);
  }
}

/** An existing file of the same size is overwritten, so that an interrupted copy can be repeated. */
export function placeFile(session: InTarget, plan: CreationPlan, request: FileRequest, layout: Layout): PlannedFile {
  const { volume } = session;
  const path = relativePath(request.path);
  const node = plan.isNew(path) ? undefined : volume.replay.namespace.get(path);
  if (node === undefined) return plan.addFile(request, layout, false);
  if (node.kind === 'directory') throw existsError(path, 'is a directory');
  if (node.size !== request.size) throw existsError(path, `has ${node.size} bytes, the source ${request.size}`);
  const entry = volume.fileEntry(node);
  plan.keep(entry, layout, request.requested);
  return { entry, isNew: false };
}

function existsError(path: string, why: string): FamfsError {
  return new FamfsError('EXISTS', `${path} ${why}`, {
    hint: 'famfs files keep their size; use another path, or remove the file first with famfs rm',
    details: { path },
  });
}

/** `a/b`; either may be ''. */
export function joinPath(folder: string, name: string): string {
  return folder === '' || name === '' ? folder + name : `${folder}/${name}`;
}
