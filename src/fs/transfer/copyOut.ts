/** Copies files and trees out of the file system. */
import { ftruncateSync } from 'node:fs';
import { lastName, pathBytes } from '../../format/path.js';
import type { FamfsError } from '../errors.js';
import type { Node } from '../log/namespace.js';
import { requireMaps } from '../pool/sameFs.js';
import type { Volume } from '../pool/volume.js';
import { asFileError } from './failures.js';
import { FileMap } from './fileMap.js';
import { localText, orLocalError, ownImages } from './localFile.js';
import type { OutItem, OutPlan } from './planOut.js';
import { type Rights, SET_ID, type TargetFile, TargetFolder } from './targetFolder.js';
import { type FaultRange, type TransferControl, transferFile } from './transferFile.js';
import { threadsFor, workWeighted } from './weighted.js';

export interface OutOptions {
  /** leave holes where memory cannot be read, and continue */
  readonly skipBad: boolean;
  /** read back and compare */
  readonly verify: boolean;
  /** give the copies owner and group of the originals */
  readonly keepOwner: boolean;
  /** called for each copy that cannot have the owner of the original */
  ownerLost(): void;
  /** called for each file that could not be copied, in the order of the plan; the others are copied nevertheless */
  failed(error: FamfsError): void;
}

/** A file that was copied. */
export interface CopiedFile {
  /** in the file system */
  readonly path: string;
  /** on this host */
  readonly target: string;
  /** bytes */
  readonly size: number;
  /** ranges that could not be read: holes in the copy */
  readonly holes: readonly FaultRange[];
}

/** The result for one copy; undefined if it was cancelled. */
type Outcome = CopiedFile | FamfsError | undefined;

const MODE_BITS = 0o7777;

/**
 * Copies the planned files, and returns those that were copied, in the order of the plan. A file gets its name on this host only
 * when it is complete; after a cancel, no more are begun and incomplete ones are removed. Throws CANNOT_WRITE if the folder
 * itself cannot be opened, and what requireMaps throws: no file that got its name before has bytes of another.
 */
export async function copyOutOf(
  volume: Volume,
  plan: OutPlan,
  control: TransferControl,
  options: OutOptions,
): Promise<CopiedFile[]> {
  const copier = new OutCopier(volume, plan, control, options);
  const folder = TargetFolder.open(plan.folder, ownImages(volume));
  try {
    await copier.copyInto(folder, plan.items);
  } finally {
    folder.close();
  }
  return copier.copied;
}

class OutCopier {
  readonly copied: CopiedFile[] = [];

  constructor(
    private readonly volume: Volume,
    private readonly plan: OutPlan,
    private readonly control: TransferControl,
    private readonly options: OutOptions,
  ) {}

  /** Copies into an open folder: first its files, several small ones at a time, then its directories. */
  async copyInto(folder: TargetFolder, items: readonly OutItem[]): Promise<void> {
    const { threads } = this.control;
    const files = items.filter(({ node }) => node.kind === 'file');
    const threadsOf = ({ node }: OutItem) => threadsFor(node.size, threads);
    const outcomes = await workWeighted(files, threads, threadsOf, (item, weight) =>
      this.#tryFile(folder, item, { ...this.control, threads: weight }),
    );
    for (const outcome of outcomes) {
      if (outcome instanceof Error) this.options.failed(outcome);
      else if (outcome !== undefined) this.copied.push(outcome);
    }
    for (const item of items.filter(({ node }) => node.kind === 'directory')) await this.#tryDirectory(folder, item);
  }

  #childrenOf(node: Node): OutItem[] {
    const nodes = this.plan.tree.childrenOf(node);
    return nodes.map((child) => ({ node: child, name: pathBytes(lastName(child.path)) }));
  }

  async #tryFile(folder: TargetFolder, item: OutItem, control: TransferControl): Promise<Outcome> {
    if (control.signal.aborted) return undefined;
    try {
      return await this.#copyFile(folder, item, control);
    } catch (error) {
      // explains all other errors, and no other file can be copied then
      requireMaps(this.volume);
      return asFileError(error);
    }
  }

  async #tryDirectory(parent: TargetFolder, item: OutItem): Promise<void> {
    if (this.control.signal.aborted) return;
    try {
      await this.#copyDirectory(parent, item);
    } catch (error) {
      requireMaps(this.volume);
      this.options.failed(asFileError(error));
    }
  }

  /** With an empty name, the contents of the directory go into the parent itself. */
  async #copyDirectory(parent: TargetFolder, { node, name }: OutItem): Promise<void> {
    if (name.length === 0) return this.copyInto(parent, this.#childrenOf(node));
    const folder = parent.enter(name);
    try {
      await this.copyInto(folder, this.#childrenOf(node));
      if (!folder.finish(this.#rightsOf(node))) this.options.ownerLost();
    } finally {
      folder.close();
    }
  }

  async #copyFile(folder: TargetFolder, { node, name }: OutItem, control: TransferControl): Promise<Outcome> {
    const map = new FileMap(this.volume, this.volume.fileEntry(node));
    const file = folder.begin(name);
    let complete = false;
    try {
      const holes = await this.#copyBytes(map, file, control);
      if (holes === undefined) return undefined;
      requireMaps(this.volume);
      if (!file.commit(this.#rightsOf(node))) this.options.ownerLost();
      complete = true;
      return { path: node.path, target: localText(file.path), size: node.size, holes };
    } finally {
      if (!complete) file.discard();
      file.close();
    }
  }

  /** Returns the holes; undefined if cancelled. */
  async #copyBytes(map: FileMap, file: TargetFile, control: TransferControl): Promise<FaultRange[] | undefined> {
    const { skipBad: keepGoing, verify } = this.options;
    const otherEnd = localText(file.path);
    const common = { fd: file.fd, otherEnd, keepGoing, invalidate: true };
    orLocalError('write', file.path, () => ftruncateSync(file.fd, map.size));
    const copied = await transferFile(map, { operation: 'copyOut', ...common }, control);
    if (copied.cancelled) return undefined;
    if (verify && (await transferFile(map, { operation: 'compare', ...common }, control)).cancelled) return undefined;
    return copied.unreachable;
  }

  #rightsOf({ mode, uid, gid }: Node): Rights {
    if (this.options.keepOwner) return { mode: mode & MODE_BITS, owner: { uid, gid } };
    // only root can vouch for the set-user-id bits of foreign memory
    return { mode: mode & MODE_BITS & ~SET_ID, owner: undefined };
  }
}
