/** Files and trees out of the file system. */
import { ftruncateSync } from 'node:fs';
import { pathBytes } from '../../format/path.js';
import { compare, copyOut } from '../../native/bulk.js';
import { FamfsError } from '../errors.js';
import type { Node } from '../log/namespace.js';
import type { Volume } from '../pool/volume.js';
import { type Attendant, type BadRange, type WorkResult, workOn } from './bulkWork.js';
import { refuseFailures } from './failures.js';
import { FileMap } from './fileMap.js';
import { localText, orLocalError, ownImages } from './localFile.js';
import type { OutPlan } from './planOut.js';
import { type Rights, type TargetFile, TargetFolder } from './targetFolder.js';
import { threadsFor, workWeighted } from './weighted.js';

export interface OutOptions {
  /** leave holes where memory cannot be read, and go on */
  readonly skipBad: boolean;
  /** read back and compare */
  readonly verify: boolean;
  /** give owner and group */
  readonly keepOwner: boolean;
  /** told what could not be copied; the rest goes on */
  failed(error: FamfsError): void;
}

/** A file that was copied. */
export interface CopiedOut {
  /** in the file system */
  readonly path: string;
  /** on this host */
  readonly target: string;
  /** bytes */
  readonly size: number;
  /** what could not be read: holes in the copy */
  readonly holes: readonly BadRange[];
}

/** bits that let a file act as its owner: only root can vouch for those of foreign memory */
const SET_ID = 0o6000;
const MODE_BITS = 0o7777;

/**
 * Copies what was planned. A file has its name on this host only when it is complete; when cancelled, no more are begun and
 * what is incomplete is removed. Throws CANNOT_WRITE when not even the folder can be opened.
 */
export async function copyOutOf(
  volume: Volume,
  plan: OutPlan,
  attendant: Attendant,
  options: OutOptions,
): Promise<CopiedOut[]> {
  const run = new OutRun(volume, plan, attendant, options);
  const folder = TargetFolder.open(plan.folder, ownImages(volume));
  try {
    const direct = plan.items.filter(({ name }) => name.length === 0);
    await run.fill(
      folder,
      plan.items.filter(({ name }) => name.length > 0),
    );
    for (const { node } of direct) await run.fill(folder, run.childrenOf(node));
  } finally {
    folder.close();
  }
  return run.copied;
}

interface Item {
  readonly node: Node;
  readonly name: Buffer;
}

class OutRun {
  readonly copied: CopiedOut[] = [];

  constructor(
    private readonly volume: Volume,
    private readonly plan: OutPlan,
    private readonly attendant: Attendant,
    private readonly options: OutOptions,
  ) {}

  childrenOf(node: Node): Item[] {
    const nodes = this.plan.children.get(node.path) ?? [];
    return nodes.map((child) => ({ node: child, name: pathBytes(child.path.slice(child.path.lastIndexOf('/') + 1)) }));
  }

  /** Copies into an open folder: first its files, several small ones at a time, then its directories. */
  async fill(folder: TargetFolder, items: readonly Item[]): Promise<void> {
    const { threads } = this.attendant;
    const files = items.filter(({ node }) => node.kind === 'file');
    const weightOf = ({ node }: Item) => threadsFor(node.size, threads);
    await workWeighted(files, threads, weightOf, (item, weight) =>
      this.#attempt(() => this.#copyFile(folder, item, { ...this.attendant, threads: weight })),
    );
    for (const item of items.filter(({ node }) => node.kind === 'directory'))
      await this.#attempt(() => this.#copyDirectory(folder, item));
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    if (this.attendant.signal.aborted) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof FamfsError)) throw error;
      this.options.failed(error);
    }
  }

  async #copyDirectory(parent: TargetFolder, { node, name }: Item): Promise<void> {
    const folder = parent.enter(name);
    try {
      await this.fill(folder, this.childrenOf(node));
      folder.finish(this.#rightsOf(node));
    } finally {
      folder.close();
    }
  }

  async #copyFile(folder: TargetFolder, { node, name }: Item, attendant: Attendant): Promise<void> {
    const map = new FileMap(this.volume, this.volume.fileEntry(node));
    const file = folder.begin(name);
    let complete = false;
    try {
      const holes = await this.#copyBytes(map, file, attendant);
      if (holes === undefined) return;
      file.commit(this.#rightsOf(node));
      complete = true;
      this.copied.push({ path: node.path, target: localText(file.path), size: node.size, holes });
    } finally {
      if (!complete) file.discard();
      file.close();
    }
  }

  /** Returns the holes; undefined when cancelled. */
  async #copyBytes(map: FileMap, file: TargetFile, attendant: Attendant): Promise<BadRange[] | undefined> {
    const { skipBad, verify } = this.options;
    const how = { keepGoing: skipBad, invalidate: true };
    orLocalError('write', file.path, () => ftruncateSync(file.fd, map.size));
    const copied = await workOn(map, (...call) => copyOut(call[0], call[1], file.fd, call[2]), attendant, how);
    this.#refuse(map, copied, file);
    if (copied.cancelled) return undefined;
    if (verify) {
      const compared = await workOn(map, (...call) => compare(call[0], call[1], file.fd, call[2]), attendant, how);
      this.#refuse(map, compared, file);
      if (compared.cancelled) return undefined;
    }
    return copied.bad;
  }

  #refuse(map: FileMap, result: WorkResult, file: TargetFile): void {
    const bad = this.options.skipBad ? result.bad.filter(({ side }) => side === 'file') : result.bad;
    refuseFailures(map.path, { ...result, bad }, localText(file.path));
  }

  #rightsOf({ mode, uid, gid }: Node): Rights {
    if (this.options.keepOwner) return { mode: mode & MODE_BITS, owner: { uid, gid } };
    return { mode: mode & MODE_BITS & ~SET_ID, owner: undefined };
  }
}
