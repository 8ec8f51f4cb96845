/** Files and directories to be made. Everything is validated and placed before the first append. */

import type { LogEntry } from '../../format/entries/entryTypes.js';
import { FILE_FLAG_READ_WRITE, type FileEntry } from '../../format/entries/file.js';
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import type { Fmap } from '../../format/fmap.js';
import { parentPath } from '../../format/path.js';
import { HUGE_PAGE } from '../../format/superblock.js';
import { FamfsError } from '../errors.js';
import { newFilePath, newPath, requireUtf8Path } from '../log/givenPath.js';
import type { NameFault, Node } from '../log/namespace.js';
import { unusable } from '../pool/members.js';
import type { Volume } from '../pool/volume.js';
import type { WriteSession } from '../pool/writeSession.js';
import { attributeDifference, layoutDifference, type RequestedAttributes } from './differences.js';
import type { FreeSpace } from './freeSpace.js';
import { checkLayout, type Layout, type Placer } from './placement.js';
import { type PlacerPool, placerOf } from './placer.js';
import { PlannedBlocks, type PlannedFiles } from './plannedBlocks.js';
import { makeRandom, type Random } from './random.js';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** What files are planned for: the pool of a write session, or one that is only imagined (fs/declared). */
export interface PlanTarget extends Pick<WriteSession, 'requireSlots' | 'append'> {
  readonly volume: PlacerPool & Pick<Volume, 'fileEntry'>;
}

/** A file to be made. */
export interface FileRequest extends Owner {
  readonly path: string;
  /** bytes, 1 or more */
  readonly size: number;
  /** permission bits as they are stored: the umask is applied */
  readonly mode: number;
  /** required of an existing file, so that it is accepted */
  readonly requested?: RequestedAttributes;
}

/** A directory to be made. */
export interface DirectoryRequest extends Owner {
  readonly path: string;
  readonly mode: number;
  /** expected of an existing directory */
  readonly requested?: RequestedAttributes;
}

/** A file that was requested: a new one, or an existing one that was accepted. */
export interface PlannedFile {
  readonly entry: FileEntry;
  /** its entry is still to be appended */
  readonly isNew: boolean;
}

/** A file or directory that exists now. */
export interface Creation {
  readonly path: string;
  /** slot of its log entry; null for the root, which mkfs makes */
  readonly slot: number | null;
  /** false if it existed before */
  readonly created: boolean;
}

type PlannedEntry = FileEntry | MkdirEntry;

const FILE_HINT = 'use another path, --exist-ok if the existing file will do, or remove it first with famfs rm';
const DIRECTORY_HINT = 'use another path, or -p, which accepts a directory that exists';

/** Collects entries to be appended together, and knows the names they will make. */
export class CreationPlan {
  readonly #session: PlanTarget;
  readonly #placer: Placer;
  readonly #entries: LogEntry[] = [];
  readonly #planned = new Map<string, PlannedEntry>();
  readonly #blocks = new PlannedBlocks();
  /** what is planned, and the paths of what exists, in the order of the requests; each directory comes after the parents it needs */
  readonly #requested: (PlannedEntry | string)[] = [];
  /** the planned parent that was asked for last: mostly, the next path is in it too */
  #parent: PlannedEntry | undefined;
  /** the layout that was checked last: mostly, all files have the same */
  #checked: Layout | undefined;
  /** files that were accepted although they differ from the request, each as `old has 1 extent, not 2 strips` */
  readonly kept: string[] = [];
  /** new files that huge pages cannot map although they are large enough: a part of 2 MiB or more begins at no multiple of it */
  readonly unaligned: string[] = [];

  /**
   * @param random decides where files go under the random policy
   * @param allowBytes make names that are not UTF-8, too
   */
  constructor(
    session: PlanTarget,
    random: Random = makeRandom(),
    private readonly allowBytes = false,
  ) {
    this.#session = session;
    this.#placer = placerOf(session.volume, random);
  }

  /**
   * Plans and places one file. With `existOk`, an existing file of the same size is accepted if its mode and owner are as
   * requested; a different layout is noted in `kept`. Throws BAD_PATH, BAD_SIZE, EXISTS, NO_PARENT, NOT_UTF8, BAD_LAYOUT,
   * NO_SPACE, NO_SUCH_DAXDEV or what Members.open throws.
   */
  addFile(request: FileRequest, layout: Layout, existOk: boolean): PlannedFile {
    const path = this.#checkFile(request, layout);
    const existing = existOk ? this.#acceptExisting(path, request, layout) : undefined;
    if (existing !== undefined) return { entry: existing, isNew: false };
    this.#requireNew(path);
    const entry = this.#placeFile(path, request, layout);
    this.#plan(entry);
    return { entry, isNew: true };
  }

  /**
   * Places a file that is to take the place of an existing one. It needs no slot of the log: a rewrite puts its entry into that of the
   * old one, whose space is not used. Throws as addFile, but for the name.
   */
  replaceFile(request: FileRequest, layout: Layout): FileEntry {
    return this.#placeFile(this.#checkFile(request, layout), request, layout);
  }

  /** The placer of files with a layout, which it checks. Throws BAD_LAYOUT, NO_SUCH_DAXDEV or what Members.open throws. */
  placerOf(layout: Layout): Placer {
    this.#checkLayout(layout);
    return this.#placer;
  }

  /** what the plan leaves free on the primary */
  get primarySpace(): FreeSpace {
    return this.#placer.primarySpace;
  }

  /**
   * Plans one directory and returns its entry. With `parents`, missing parents are planned too, and an existing directory is
   * accepted, without an entry. Throws BAD_PATH, EXISTS, NO_PARENT or NOT_UTF8.
   */
  addDirectory(request: DirectoryRequest, parents: boolean, parentMode = request.mode): MkdirEntry | undefined {
    const path = newPath(request.path);
    if (path === '' && !parents) throw exists('/', 'exists', DIRECTORY_HINT);
    if (parents) {
      const above = parentPath(path);
      if (above !== '' && !this.#exists(above))
        this.addDirectory({ ...request, path: above, mode: parentMode, requested: {} }, true, parentMode);
      if (this.#isDirectory(path)) {
        if (!this.isPlanned(path)) this.#acceptDirectory(path, request.requested);
        return undefined;
      }
    }
    this.#requireNew(path, DIRECTORY_HINT);
    const { uid, gid, mode } = request;
    const entry: MkdirEntry = { type: 'MKDIR', path, uid, gid, mode };
    this.#plan(entry);
    return entry;
  }

  /** Whether a path is planned, or lies in a directory that is: then the file system has nothing there. */
  isNew(path: string): boolean {
    return this.isPlanned(path) || this.#parentOf(path) !== undefined;
  }

  /** Whether a path is planned. */
  isPlanned(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  /** number of log entries that the plan needs */
  get length(): number {
    return this.#entries.length + this.#blocks.count;
  }

  /**
   * Places one of the files of a block. Throws BAD_LAYOUT, NO_SPACE, NO_SUCH_DAXDEV or what Members.open throws.
   * @param path gives its path for a message
   */
  placeInBlock(size: number, layout: Layout, path: () => string): Fmap {
    this.#checkLayout(layout);
    try {
      return this.#placer.place('', size, layout);
    } catch {
      // nothing was taken: now with the path
      return this.#placer.place(path(), size, layout);
    }
  }

  /**
   * Plans files that were placed, all of them in one directory of this plan. Nothing is checked: the caller knows that their paths are
   * allowed and free. Their entries are the caller's to append.
   */
  addBlock(directory: string, block: PlannedFiles): void {
    this.#blocks.add(directory, block);
  }

  /** Plans a file with an entry that was placed for a block: it is in a directory of this plan, and its path is allowed and free. */
  addPlaced(entry: FileEntry): void {
    this.#plan(entry);
  }

  /**
   * Appends everything that was planned, and calls `onAppended` after each entry, once it is durable. Returns the requested files
   * and directories in order, with the parents that were made. Throws LOG_FULL before the first append.
   */
  commit(onAppended?: () => void): Creation[] {
    this.#session.requireSlots(this.#entries.length);
    for (const entry of this.#entries) {
      this.#session.append(entry);
      onAppended?.();
    }
    const { namespace } = this.#session.volume.replay;
    return this.#requested.map((one) => {
      const creation = creationOf(one);
      const { slot } = namespace.get(creation.path) as Node;
      return { ...creation, slot: slot < 0 ? null : slot };
    });
  }

  /** What commit() would return. Throws LOG_FULL. */
  preview(): Creation[] {
    this.#session.requireSlots(this.#entries.length);
    const { replay } = this.#session.volume;
    let next = replay.next;
    return this.#requested.map((one) => {
      const creation = creationOf(one);
      const slot = creation.created ? next++ : (replay.namespace.get(creation.path) as Node).slot;
      return { ...creation, slot: slot < 0 ? null : slot };
    });
  }

  /** Notes how an existing file differs from the request. */
  keep(entry: FileEntry, layout: Layout, requested: RequestedAttributes = {}): void {
    const difference =
      attributeDifference(entry, requested) ??
      layoutDifference(entry, layout, this.#placer.interleaveFor(entry.size, layout));
    if (difference !== undefined) this.kept.push(`${entry.path} ${difference}`);
  }

  /** The path of a file whose request is sound. Throws as addFile. */
  #checkFile({ path: given, size }: FileRequest, layout: Layout): string {
    const path = newFilePath(given);
    if (!Number.isSafeInteger(size) || size < 1)
      throw new FamfsError('BAD_SIZE', `${path}: a file has 1 to 2^53-1 bytes, not ${size}`, {
        hint: 'famfs files are pre-allocated and cannot be empty',
      });
    this.#checkLayout(layout);
    return path;
  }

  #checkLayout(layout: Layout): void {
    if (layout === this.#checked) return;
    checkLayout(layout, this.#placer.unit);
    this.#placer.refuseIdleChunk(layout);
    this.#requireDaxdevs(layout);
    this.#checked = layout;
  }

  #placeFile(path: string, { size, uid, gid, mode }: FileRequest, layout: Layout): FileEntry {
    const fmap = this.#placer.place(path, size, layout);
    if (fmap.extents.some(({ deviceOffset, length }) => length >= HUGE_PAGE && deviceOffset % HUGE_PAGE !== 0))
      this.unaligned.push(path);
    return { type: 'FILE', path, size, flags: FILE_FLAG_READ_WRITE, uid, gid, mode, fmap };
  }

  /** Throws NO_SUCH_DAXDEV, or the reason why a requested daxdev cannot be used. */
  #requireDaxdevs({ daxdevs }: Layout): void {
    const { members, replay } = this.#session.volume;
    for (const index of daxdevs ?? []) {
      if (index >= replay.daxdevs.length)
        throw new FamfsError('NO_SUCH_DAXDEV', `the pool has no daxdev ${index}`, {
          hint: `its daxdevs are 0 to ${replay.daxdevs.length - 1}: famfs daxdev list`,
          details: { daxdev: index },
        });
      const member = members.member(index);
      if (member.state !== 'present') throw unusable(member);
    }
  }

  #plan(entry: PlannedEntry): void {
    this.#entries.push(entry);
    this.#planned.set(entry.path, entry);
    this.#requested.push(entry);
  }

  /** The entry of an existing file that matches the request; undefined if nothing has this path. Throws EXISTS. */
  #acceptExisting(path: string, { size, requested = {} }: FileRequest, layout: Layout): FileEntry | undefined {
    const { volume } = this.#session;
    const node = volume.replay.namespace.get(path);
    if (node === undefined) return undefined;
    if (node.kind !== 'file') throw exists(path, 'is a directory');
    if (node.size !== size) throw exists(path, `exists with ${node.size} bytes, not ${size}`);
    const entry = volume.fileEntry(node);
    const difference = attributeDifference(entry, requested);
    if (difference !== undefined) throw exists(path, `exists and ${difference}`);
    this.keep(entry, layout);
    this.#requested.push(path);
    return entry;
  }

  #acceptDirectory(path: string, requested: RequestedAttributes = {}): void {
    const node = this.#session.volume.replay.namespace.get(path);
    const difference = node && attributeDifference(node, requested);
    if (difference !== undefined) this.kept.push(`/${path} ${difference}`);
    this.#requested.push(path);
  }

  /** What is planned at a path. */
  #find(path: string): PlannedEntry | undefined {
    return this.#planned.get(path) ?? this.#blocks.find(path);
  }

  #exists(path: string): boolean {
    return this.isPlanned(path) || this.#session.volume.replay.namespace.get(path) !== undefined;
  }

  #isDirectory(path: string): boolean {
    const planned = this.#find(path);
    if (planned !== undefined) return planned.type === 'MKDIR';
    return this.#session.volume.replay.namespace.get(path)?.kind === 'directory';
  }

  /** What is planned at the parent of a path. */
  #parentOf(path: string): PlannedEntry | undefined {
    const last = this.#parent?.path;
    if (last !== undefined && path.lastIndexOf('/') === last.length && path.startsWith(last)) return this.#parent;
    this.#parent = this.#find(parentPath(path));
    return this.#parent;
  }

  /** Throws unless `path` is free, its parent is a directory, of the log or of this plan, and its bytes are allowed. */
  #requireNew(path: string, hint = FILE_HINT): void {
    if (this.isPlanned(path)) throw exists(path, 'is named twice', hint);
    const parent = this.#parentOf(path);
    const fault: NameFault | undefined =
      parent === undefined
        ? this.#session.volume.replay.namespace.faultOf(path)
        : parent.type === 'MKDIR'
          ? undefined
          : 'PARENT_NOT_DIRECTORY';
    if (fault === 'PATH_DUPLICATE') throw exists(path, 'exists', hint);
    if (fault === undefined) {
      if (!this.allowBytes) requireUtf8Path(path);
      return;
    }
    const why = fault === 'PARENT_MISSING' ? 'does not exist' : 'is a file';
    const next = fault === 'PARENT_MISSING' ? `make it with: famfs mkdir -p ${parentPath(path)}` : 'use another path';
    throw new FamfsError('NO_PARENT', `${path}: its parent ${parentPath(path)} ${why}`, {
      hint: next,
      details: { path },
    });
  }
}

function creationOf(requested: PlannedEntry | string): Omit<Creation, 'slot'> {
  return typeof requested === 'string' ? { path: requested, created: false } : { path: requested.path, created: true };
}

function exists(path: string, why: string, hint = FILE_HINT): FamfsError {
  return new FamfsError('EXISTS', `${path} ${why}`, { hint, details: { path } });
}
