/** Where the files of this host go in the file system: planned in full, and refused in full, before anything is written. */
import type { FileEntry } from '../../format/entries/file.js';
import type { MkdirEntry } from '../../format/entries/mkdir.js';
import { CreationPlan, type FileRequest, type Owner } from '../allocate/creationPlan.js';
import type { Layout } from '../allocate/placement.js';
import type { Random } from '../allocate/random.js';
import { FamfsError } from '../errors.js';
import { relativePath } from '../log/givenPath.js';
import type { Namespace } from '../log/namespace.js';
import type { WriteSession } from '../pool/writeSession.js';
import { type Filler, fromFile } from './fillers.js';
import type { Filling } from './fillFiles.js';
import { localText, ownImages, refuseOwnImage } from './localFile.js';
import type { Source } from './sourceTree.js';

/** What was found at one path that was named. */
export interface Found {
  /** as it was named */
  readonly named: string;
  readonly sources: readonly Source[];
}

export interface InOptions {
  readonly layout: Layout;
  readonly random: Random;
  /** the owner of what is made; undefined keeps that of the sources */
  readonly owner: Owner | undefined;
  /** compare when copied */
  readonly verify: boolean;
  /** told what cannot be copied; the rest goes on */
  failed(error: FamfsError): void;
}

/** A file to be copied. */
export interface InFile extends Filling {
  readonly source: string;
}

export interface InPlan {
  readonly directories: readonly MkdirEntry[];
  readonly files: readonly InFile[];
}

/** Refusals that concern one file only; any other ends the command before it has changed anything. */
const OF_ONE_FILE = new Set(['BAD_PATH', 'EXISTS', 'NO_PARENT', 'BAD_SIZE', 'IS_THE_IMAGE', 'ENTRY_GONE']);

/**
 * Plans to copy what was found to `target`: into it where it is a directory, else as it. Throws NOT_A_DIRECTORY,
 * NO_DIRECTORY, NO_SPACE, LOG_FULL, BAD_LAYOUT, and what opening daxdevs throws.
 */
export function planIn(session: WriteSession, found: readonly Found[], target: string, options: InOptions): InPlan {
  const { namespace } = session.volume.replay;
  const planner = new Planner(session, options);
  for (const { named, sources } of found.filter((one) => one.sources.length > 0)) {
    const single = found.length === 1 ? sources[0] : undefined;
    const base = baseFor(namespace, target, named, single);
    for (const source of sources) planner.add(source, joinPath(base, source.below));
  }
  return planner.finish();
}

/** A file whose bytes come from elsewhere than a file. */
export interface StreamRequest extends Omit<FileRequest, 'path'> {
  /** what it comes from, for messages */
  readonly name: string;
  readonly filler: Filler;
}

/** Plans one file at `target`, which must not be a directory. Throws what keeps it from being made. */
export function planStream(
  session: WriteSession,
  target: string,
  { name, filler, ...file }: StreamRequest,
  { layout, random }: Pick<InOptions, 'layout' | 'random'>,
): InPlan {
  const plan = new CreationPlan(session, random);
  const placed = placeFile(session, plan, { ...file, path: target }, layout);
  session.requireSlots(plan.length);
  return { directories: [], files: [{ ...placed, filler, source: name }] };
}

class Planner {
  readonly #plan: CreationPlan;
  readonly #directories: MkdirEntry[] = [];
  readonly #files: InFile[] = [];
  readonly #targets = new Set<string>();
  readonly #images: ReadonlySet<string>;
  /** the directory that failed last: nothing below it is tried */
  #dead: string | undefined;

  constructor(
    private readonly session: WriteSession,
    private readonly options: InOptions,
  ) {
    this.#plan = new CreationPlan(session, options.random);
    this.#images = ownImages(session.volume);
  }

  add(source: Source, path: string): void {
    if (this.#dead !== undefined && path.startsWith(`${this.#dead}/`)) return;
    try {
      if (source.kind === 'directory') this.#addDirectory(source, path);
      else this.#addFile(source, path);
    } catch (error) {
      if (!(error instanceof FamfsError) || !OF_ONE_FILE.has(error.code)) throw error;
      if (source.kind === 'directory') this.#dead = path;
      this.options.failed(error);
    }
  }

  finish(): InPlan {
    this.session.requireSlots(this.#plan.length);
    return { directories: this.#directories, files: this.#files };
  }

  #addDirectory(source: Source, path: string): void {
    const node = this.session.volume.replay.namespace.get(path);
    if (node?.kind === 'directory' || this.#targets.has(path)) return;
    const { uid, gid } = this.options.owner ?? source;
    const entry = this.#plan.addDirectory({ path, mode: source.mode, uid, gid }, false);
    this.#targets.add(path);
    if (entry !== undefined) this.#directories.push(entry);
  }

  #addFile(source: Source, path: string): void {
    refuseOwnImage(this.#images, source.local, source);
    const { uid, gid } = this.options.owner ?? source;
    if (this.#targets.has(path)) throw existsError(path, 'is the target of an earlier source too');
    const request = { path, size: source.size, mode: source.mode, uid, gid };
    const placed = placeFile(this.session, this.#plan, request, this.options.layout);
    this.#targets.add(path);
    const filler = fromFile(source, this.options.verify);
    this.#files.push({ ...placed, filler, source: localText(source.local) });
  }
}

/** An existing file of the right size is written again: so a copy that was interrupted can be begun anew. */
function placeFile(
  session: WriteSession,
  plan: CreationPlan,
  request: FileRequest,
  layout: Layout,
): Omit<Filling, 'filler'> {
  const { volume } = session;
  const path = relativePath(request.path);
  const node = volume.replay.namespace.get(path);
  if (node === undefined) return { entry: plan.addFile(request, layout, false) as FileEntry, isNew: true };
  if (node.kind === 'directory') throw existsError(path, 'is a directory');
  if (node.size !== request.size) throw existsError(path, `has ${node.size} bytes, the source ${request.size}`);
  return { entry: volume.fileEntry(node), isNew: false };
}

function existsError(path: string, why: string): FamfsError {
  return new FamfsError('EXISTS', `${path} ${why}`, {
    hint: 'famfs files keep their size and are never removed; use another path',
    details: { path },
  });
}

/**
 * The path that a source gets. Throws NOT_A_DIRECTORY or NO_DIRECTORY.
 * @param single what was named, where it is all that was named
 */
function baseFor(namespace: Namespace, target: string, named: string, single: Source | undefined): string {
  const path = relativePath(target);
  const node = namespace.get(path);
  if (node?.kind === 'directory') return joinPath(path, baseName(named));
  if (single !== undefined && (node === undefined || single.kind === 'file')) {
    const asDirectory = target.endsWith('/') && single.kind === 'file';
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

/** The last name of a path; '' where that is no name of its own (`.`, `..`, `/`): then what is inside is meant. */
export function baseName(path: string): string {
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return name === '.' || name === '..' ? '' : name;
}

/** `a/b`; either may be ''. */
export function joinPath(folder: string, name: string): string {
  return folder === '' || name === '' ? folder + name : `${folder}/${name}`;
}
