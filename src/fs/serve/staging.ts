/**
 * New files of a mount. Until it is closed, a file is staged: its bytes are in a temporary file, and it can grow, shrink and
 * change its name. Then it is committed: placed, copied, and appended to the log. From then on its size is fixed.
 */
import type { FileEntry } from '../../format/entries/file.js';
import { decodePath } from '../../format/path.js';
import type { FuseNode, FuseServer } from '../../native/fuse.js';
import { CreationPlan } from '../allocate/creationPlan.js';
import type { Layout } from '../allocate/placement.js';
import { makeRandom } from '../allocate/random.js';
import { FamfsError } from '../errors.js';
import { newPath } from '../log/givenPath.js';
import type { WriteSession } from '../pool/writeSession.js';
import { storeContent } from '../transfer/content.js';
import { FileMap } from '../transfer/fileMap.js';
import { defaultThreads, type TransferControl, transferFile } from '../transfer/transferFile.js';
import { errnoOf } from './errnos.js';
import { StagedIds } from './nodeIds.js';
import type { ServeLog } from './serveOptions.js';
import type { Space } from './space.js';

/**
 * How long a file that was closed stays as it is before it is committed, milliseconds: rsync and others change mode and
 * name of a file only after they have closed it, and files that are closed one after the other are committed together.
 */
const LINGER = 100;
/** times that a file which is written all the while is copied before its writers are made to wait */
const ATTEMPTS = 3;

/** What staging needs of the file system that is served. */
export interface StagingHost {
  readonly server: FuseServer;
  readonly log: ServeLog;
  readonly signal: AbortSignal;
  space(): Space;
  /** layout of new files in a directory */
  layoutIn(directory: number): Layout;
  /** runs `work` as the only writer */
  withSession<T>(work: (session: WriteSession) => Promise<T>): Promise<T>;
  /** appends the entry of a file that has a node already */
  appendOwn(session: WriteSession, entry: FileEntry): number;
}

export class Staging {
  readonly #host: StagingHost;
  readonly #ids = new StagedIds();
  readonly #random = makeRandom();
  /** nodes of staged files, by path */
  readonly #paths = new Map<string, number>();
  /** nodes that were closed and are to be committed */
  readonly #closed = new Set<number>();
  /** nodes that could not be committed, and were reported */
  readonly #reported = new Set<number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(host: StagingHost) {
    this.#host = host;
  }

  /** Makes a file. Throws BAD_PATH, or DeviceError where there is one, or no room for it in the staging folder. */
  create(directory: FuseNode, name: Buffer, mode: number, uid: number, gid: number): number {
    const path = pathIn(directory, name);
    newPath(path);
    const id = this.#ids.next();
    this.#host.server.stage(id, directory.id, name, mode, uid, gid);
    this.#paths.set(path, id);
    return id;
  }

  remove(node: FuseNode): void {
    this.#host.server.remove(node.id);
    this.#forget(node);
  }

  /** Gives a staged file another name, which must be free. Throws BAD_PATH. */
  rename(node: FuseNode, directory: FuseNode, name: Buffer): void {
    const path = pathIn(directory, name);
    newPath(path);
    this.#host.server.rename(node.id, directory.id, name);
    this.#paths.delete(decodePath(node.path));
    this.#paths.set(path, node.id);
  }

  /** Whether another writer may have a path; a staged file of this path then loses its name. */
  giveWay(path: string): void {
    const id = this.#paths.get(path);
    const node = id === undefined ? undefined : this.#host.server.node(id);
    if (node === undefined) return;
    this.remove(node);
    this.#host.log(`${path}: another writer has made it; what was written to it here is lost once it is closed`);
  }

  /** Somebody has closed a file, and nobody writes to it now. */
  release(id: number): void {
    if (this.#host.server.node(id)?.kind !== 'staged') return;
    this.#closed.add(id);
    this.#timer ??= setTimeout(() => void this.settle(), LINGER);
  }

  /** Commits what was closed. Resolves when that is done, or reported. */
  async settle(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ids = [...this.#closed];
    this.#closed.clear();
    if (ids.length > 0) await this.#commit(ids.filter((id) => this.#host.server.node(id)?.writers === 0));
  }

  /** Commits all that has bytes and a name, also what was refused before. */
  async settleAll(): Promise<void> {
    clearTimeout(this.#timer);
    this.#closed.clear();
    await this.#commit([...this.#paths.values()]);
    for (const path of this.#paths.keys()) this.#host.log(`${path}: was never committed, and is gone with the mount`);
  }

  /** Commits one file now. Returns 0 or an errno. */
  async sync(id: number): Promise<number> {
    return (await this.#commit([id])).get(id) ?? 0;
  }

  /** Whether there will be room for a file when it is committed: 0 or an errno. */
  check(node: FuseNode): number {
    const others = [...this.#paths.values()].filter((id) => id !== node.id && !this.#reported.has(id));
    const nodes = [...others.flatMap((id) => this.#host.server.node(id) ?? []), node];
    const claimants = nodes.map((one) => ({
      path: decodePath(one.path),
      size: one.size,
      layout: this.#host.layoutIn(one.parent),
    }));
    try {
      this.#host.space().require(
        claimants.filter(({ size }) => size > 0),
        this.#random,
      );
      return 0;
    } catch (error) {
      this.#report(node, error);
      return errnoOf(error);
    }
  }

  /** Gives an empty staged file its size, filled with zeros, and commits it at once. Throws what keeps it from that. */
  async allocate(id: number, size: number): Promise<void> {
    await this.#host.withSession(async (session) => {
      const node = this.#staged(id);
      if (node === undefined) return;
      const entry = this.#plan(new CreationPlan(session, this.#random), node, size);
      const map = new FileMap(session.volume, entry);
      if (!(await storeContent(map, { from: 'zeros' }, this.#control()))) return;
      const now = this.#staged(id);
      if (now?.version !== node.version || !this.#host.server.freeze(id, node.version as number))
        throw new FamfsError('CHANGED', `${entry.path} was changed while it was allocated`);
      this.#append(session, node, entry);
    });
  }

  async #commit(ids: readonly number[]): Promise<Map<number, number>> {
    const results = new Map<number, number>();
    const wanted = ids.filter((id) => (this.#staged(id)?.size ?? 0) > 0);
    if (wanted.length === 0) return results;
    try {
      await this.#host.withSession(async (session) => {
        const plan = new CreationPlan(session, this.#random);
        for (const id of wanted) results.set(id, await this.#tryPlace(session, plan, id));
      });
    } catch (error) {
      for (const id of wanted) {
        const node = this.#staged(id);
        if (node !== undefined) this.#report(node, error);
        results.set(id, errnoOf(error));
      }
    }
    return results;
  }

  async #tryPlace(session: WriteSession, plan: CreationPlan, id: number): Promise<number> {
    try {
      await this.#place(session, plan, id);
      return 0;
    } catch (error) {
      const node = this.#staged(id);
      if (node !== undefined) this.#report(node, error);
      return errnoOf(error);
    }
  }

  /** Places, copies and appends a file; again from the start while somebody changes it meanwhile. */
  async #place(session: WriteSession, first: CreationPlan, id: number): Promise<void> {
    const { server } = this.#host;
    for (let attempt = 0; ; attempt++) {
      const node = this.#staged(id);
      if (node === undefined || node.size === 0) return;
      const patient = attempt < ATTEMPTS;
      if (!patient && !server.freeze(id, node.version as number)) continue;
      try {
        const entry = this.#plan(attempt === 0 ? first : new CreationPlan(session, this.#random), node, node.size);
        if (!(await this.#copy(session, entry, node))) return;
        const now = this.#staged(id);
        const same = now?.path.equals(node.path) === true && isLike(now, node);
        if (same && (!patient || server.freeze(id, node.version as number))) {
          this.#append(session, node, entry);
          return;
        }
      } finally {
        if (this.#staged(id) !== undefined) server.thaw(id);
      }
    }
  }

  #plan(plan: CreationPlan, node: FuseNode, size: number): FileEntry {
    const { mode, uid, gid } = node;
    const request = { path: decodePath(node.path), size, mode, uid, gid };
    return plan.addFile(request, this.#host.layoutIn(node.parent), false).entry;
  }

  /** Returns false when the mount ends meanwhile. */
  async #copy(session: WriteSession, entry: FileEntry, node: FuseNode): Promise<boolean> {
    const copy = { operation: 'copyIn', fd: node.fd as number, otherEnd: 'the staged file' } as const;
    return !(await transferFile(new FileMap(session.volume, entry), copy, this.#control())).cancelled;
  }

  /** The entry of a file that is frozen, with all its bytes in memory. */
  #append(session: WriteSession, node: FuseNode, entry: FileEntry): void {
    const { fmap, size } = entry;
    this.#host.appendOwn(session, entry);
    const extents = fmap.extents.map(({ daxdev, deviceOffset, length }) => ({
      device: daxdev,
      offset: deviceOffset,
      length,
    }));
    this.#host.server.place(node.id, size, fmap.layout === 'interleaved' ? fmap.chunkSize : 0, extents);
    this.#forget(node);
  }

  #staged(id: number): FuseNode | undefined {
    const node = this.#host.server.node(id);
    return node?.kind === 'staged' && node.named ? node : undefined;
  }

  #forget(node: FuseNode): void {
    this.#paths.delete(decodePath(node.path));
    this.#closed.delete(node.id);
    this.#reported.delete(node.id);
  }

  #report(node: FuseNode, error: unknown): void {
    if (this.#reported.has(node.id)) return;
    this.#reported.add(node.id);
    const path = decodePath(node.path);
    const why = (error as Error).message;
    this.#host.log(`${path}: not committed: ${why}; it stays in this mount until it is removed: copy it elsewhere`);
  }

  #control(): TransferControl {
    return { threads: defaultThreads(), signal: this.#host.signal, advance: () => {} };
  }
}

/** The path of a name in a directory. */
export function pathIn(directory: FuseNode, name: Buffer): string {
  const slash = directory.path.length === 0 ? '' : '/';
  return decodePath(Buffer.concat([directory.path, Buffer.from(slash), name]));
}

function isLike(now: FuseNode, then: FuseNode): boolean {
  return now.mode === then.mode && now.uid === then.uid && now.gid === then.gid;
}
