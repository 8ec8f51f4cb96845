/** Plans where files of this host go in the file system: all are planned, or all refused, before anything is written. */
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import {
  CreationPlan,
  type FileRequest,
  type Owner,
  type PlannedFile,
  type PlanTarget,
} from '../allocate/creationPlan.js';
import type { RequestedAttributes } from '../allocate/differences.js';
import type { Layout } from '../allocate/placement.js';
import type { Random } from '../allocate/random.js';
import { FamfsError } from '../errors.js';
import type { UnmappedOwner } from '../host/unmappedOwner.js';
import { meansDirectory, relativePath } from '../log/givenPath.js';
import type { Namespace } from '../log/namespace.js';

import type { Volume } from '../pool/volume.js';
import type { FilePlan } from './fillFiles.js';
import { isOwnImage, ownImageError, ownImages } from './localFile.js';
import type { Source } from './sourceTree.js';

/** One source operand of the command. */
export interface SourceOperand {
  /** as typed */
  readonly operand: string;
  /** the source itself, and everything below it */
  readonly sources: readonly Source[];
}

export interface InOptions {
  readonly layout: Layout;
  readonly random: Random;
  /** make names that are not UTF-8 too */
  readonly allowBytes: boolean;
  /** owner of the new files and directories; undefined keeps the owners of the sources */
  readonly owner: Owner | undefined;
  /** in place of what the sources have, or of `owner`; the mode only of files */
  readonly override: RequestedAttributes;
  /** whether the user explicitly asked to keep owners */
  readonly ownerAsked: boolean;
  /** owner in place of an unknown one */
  readonly caller: Owner;
  /** how unknown owners appear */
  readonly unmapped: UnmappedOwner;
  /** compare after copying */
  readonly verify: boolean;
  /** called for each source that cannot be copied; the others are copied nevertheless */
  failed(error: FamfsError): void;
}

/** A file to be copied in. */
export interface InFile extends FilePlan {
  /** path of the source, for messages */
  readonly source: string;
}

export interface InPlan {
  readonly directories: readonly MkdirEntry[];
  readonly files: readonly InFile[];
  /** existing files whose layout differs from the request, each as `old has 1 extent, not 2 strips` */
  readonly kept: readonly string[];
  /** new files for which there was only room that huge pages cannot map */
  readonly unaligned: readonly string[];
  /** number of files and directories that belong to the caller because the owner of the source is unknown */
  readonly unknownOwners: number;
}

/** Errors that affect one file only; any other ends the command before it has changed anything. */
const OF_ONE_FILE = new Set(['BAD_PATH', 'EXISTS', 'NO_PARENT', 'NOT_UTF8', 'BAD_SIZE', 'IS_THE_IMAGE', 'ENTRY_GONE']);

/** What copies are planned for: a write session, or a file system that is only read. */
export type InTarget = PlanTarget & { readonly volume: Volume };

/**
 * Plans to copy the sources into `target` if that is a directory, otherwise to that path. Throws NOT_A_DIRECTORY, NO_DIRECTORY,
 * NO_SPACE, LOG_FULL, BAD_LAYOUT, and what opening daxdevs throws.
 */
export function planIn(
  session: InTarget,
  operands: readonly SourceOperand[],
  target: string,
  options: InOptions,
): InPlan {
  const { namespace } = session.volume.replay;
  const planner = new InPlanner(session, options);
  for (const { operand, sources } of operands.filter((one) => one.sources.length > 0)) {
    const single = operands.length === 1 ? sources[0] : undefined;
    const base = baseFor(namespace, target, operand, single);
    for (const source of sources) planner.add(source, joinPath(base, source.below));
  }
  return planner.finish();
}

/**
 * Plans one file that is filled from `content`, which messages call `source`. Throws the reason why it cannot be made, including
 * EXISTS for a directory.
 */
export function planContent(
  session: InTarget,
  request: FileRequest,
  { content, source }: Pick<InFile, 'content' | 'source'>,
  { layout, random, allowBytes }: Pick<InOptions, 'layout' | 'random' | 'allowBytes'>,
): InPlan {
  const plan = new CreationPlan(session, random, allowBytes);
  const placed = placeFile(session, plan, request, layout);
  session.requireSlots(plan.length);
  const file = { ...placed, content, source };
  return { directories: [], files: [file], kept: plan.kept, unaligned: plan.unaligned, unknownOwners: 0 };
}

class InPlanner {
  readonly #plan: CreationPlan;
  readonly #directories: MkdirEntry[] = [];
  readonly #files: InFile[] = [];
  /** existing files that are targets */
  readonly #overwritten = new Set<string>();
  #unknownOwners = 0;
  readonly #images: ReadonlySet<string>;
  /** the directory that was refused last: nothing below it is tried */
  #refused: string | undefined;

  constructor(
    private readonly session: InTarget,
    private readonly options: InOptions,
  ) {
    this.#plan = new CreationPlan(session, options.random, options.allowBytes);
    this.#images = ownImages(session.volume);
  }

  add(source: Source, path: string): void {
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
    const { kept, unaligned } = this.#plan;
    return { directories: this.#directories, files: this.#files, kept, unaligned, unknownOwners: this.#unknownOwners };
  }

  #ownerOf(source: Source): Owner {
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
    if (entry !== undefined) this.#directories.push(entry);
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
    this.#files.push({ entry, isNew, content: { from: 'file', source, verify }, source: source.text });
  }

  #isTarget(path: string): boolean {
    return this.#plan.isPlanned(path) || this.#overwritten.has(path);
  }
}

/** An existing file of the same size is overwritten, so that an interrupted copy can be repeated. */
function placeFile(session: InTarget, plan: CreationPlan, request: FileRequest, layout: Layout): PlannedFile {
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

/**
 * The path for the source of an operand. Throws NOT_A_DIRECTORY or NO_DIRECTORY.
 * @param single the source of the only operand
 */
function baseFor(namespace: Namespace, target: string, operand: string, single: Source | undefined): string {
  const path = relativePath(target);
  const node = namespace.get(path);
  if (node?.kind === 'directory') return joinPath(path, baseName(operand));
  if (single !== undefined && (node === undefined || single.kind === 'file')) {
    const asDirectory = meansDirectory(target) && single.kind === 'file';
    if (!asDirectory) return path;
  }
  if (node !== undefined)
    throw new FamfsError('NOT_A_DIRECTORY', `${target} is a file in the file system, not a directory`, {
      details: { path },
    });
  throw new FamfsError('NO_DIRECTORY', `${target}: no such directory in the file system`, {
    hint: `make it with: famfs mkdir -p ${path}`,
    details: { path },
  });
}

/** The last name of a path; '' for `.`, `..` and `/`, which stand for the contents of the directory. */
export function baseName(path: string): string {
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return name === '.' || name === '..' ? '' : name;
}

/** `a/b`; either may be ''. */
export function joinPath(folder: string, name: string): string {
  return folder === '' || name === '' ? folder + name : `${folder}/${name}`;
}
