/**
 * New names of a mount. At first a file is staged: its bytes are in a temporary file, and it can grow, shrink, change its mode
 * and name, and be removed. A directory is pending in the same way. Some time after it was closed or last changed it is committed
 * (commit.ts), and then it is fixed. Between close and commit it is kept (keptFiles.ts).
 */
import { decodePath, lastName, parentPath, pathBytes } from '../../format/path.js';
import type { FuseNode, FuseOwner } from '../../native/fuse.js';
import { FamfsError } from '../errors.js';
import { newPath, requireUtf8Path } from '../log/givenPath.js';
import type { Namespace } from '../log/namespace.js';
import type { WriteSession } from '../pool/writeSession.js';
import { Claims } from './claims.js';
import { Commit, type CommitHost, hasBytesOf, stagedNode } from './commit.js';
import { ERRNO, errnoOf } from './errnos.js';
import type { KeptFiles, Leftover } from './keptFiles.js';
import { ROOT_ID, StagedIds } from './nodeIds.js';
import type { ServeLog } from './serveOptions.js';
import type { Space } from './space.js';

/** What staging needs from the served file system. */
export interface StagingHost extends CommitHost {
  readonly log: ServeLog;
  readonly kept: KeptFiles;
  /** names need not be UTF-8 */
  readonly allowBytes: boolean;
  /** milliseconds from the last change of what is closed to its commit */
  readonly linger: number;
  space(): Space;
  /** runs `work` as the only writer */
  withSession<T>(work: (session: WriteSession) => Promise<T>): Promise<T>;
}

export class Staging {
  readonly #host: StagingHost;
  readonly #ids = new StagedIds();
  readonly #claims: Claims;
  /** nodes that are not in the log, by path */
  readonly #paths = new Map<string, number>();
  /** nodes to commit, and when (by performance.now()), the earliest first */
  readonly #due = new Map<number, number>();
  /** staged files whose names the next nodes of the table take */
  readonly #replaced: number[] = [];
  /** nodes that could not be committed, and were reported */
  readonly #reported = new Set<number>();
  #cannotKeep = false;
  /** no file can be made, and that was reported */
  #outOfDescriptors = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(host: StagingHost) {
    this.#host = host;
    this.#claims = new Claims(host);
  }

  /** Makes a file. Throws BAD_PATH, NOT_UTF8, or DeviceError if the name exists or the staging folder has no room. */
  create(directory: FuseNode, name: Buffer, owner: FuseOwner): number {
    const path = this.#newPath(directory, name);
    const id = this.#ids.next();
    try {
      this.#host.server.stage(id, directory.id, name, owner);
      this.#outOfDescriptors = false;
    } catch (error) {
      if (errnoOf(error) === ERRNO.EMFILE) this.#reportLimit(path);
      throw error;
    }
    this.#paths.set(path, id);
    return id;
  }

  /** Makes a directory. Throws BAD_PATH, NOT_UTF8, LOG_FULL, or DeviceError if the name exists. */
  makeDirectory(directory: FuseNode, name: Buffer, owner: FuseOwner): number {
    const path = this.#newPath(directory, name);
    const id = this.#ids.next();
    this.#claims.requireSlot();
    this.#host.server.stageDirectory(id, directory.id, name, owner);
    this.#paths.set(path, id);
    this.#claims.add(id, 0);
    this.#keep(this.#node(id));
    this.#touch(id);
    return id;
  }

  /** Once for each time that the limit is reached. */
  #reportLimit(path: string): void {
    if (this.#outOfDescriptors) return;
    this.#outOfDescriptors = true;
    const { size } = this.#paths;
    this.#host.log(
      `${path}: cannot be made: ${size} files and directories wait for their commit, and each such file takes a descriptor (ulimit -Hn); sync the mount, or use a shorter --linger`,
    );
  }

  #newPath(directory: FuseNode, name: Buffer): string {
    const path = newPath(pathIn(directory, name));
    if (!this.#host.allowBytes) requireUtf8Path(path);
    return path;
  }

  /** Removes a staged file or an empty pending directory at the kernel's request. */
  remove(node: FuseNode): void {
    this.#host.server.remove(node.id, true);
    this.#forget(node.id, decodePath(node.path));
  }

  /** Gives a staged file or an empty pending directory another name, which must be free. Throws BAD_PATH or NOT_UTF8. */
  rename(node: FuseNode, directory: FuseNode, name: Buffer): void {
    const path = this.#newPath(directory, name);
    this.#host.server.rename(node.id, directory.id, name);
    this.#paths.delete(decodePath(node.path));
    this.#paths.set(path, node.id);
    this.changed(node.id);
  }

  /** The mode, owner or name of a node has changed. */
  changed(id: number): void {
    const node = this.#host.server.node(id);
    if (node === undefined) return;
    this.#host.kept.update(node);
    if (this.#due.has(id)) this.#touch(id);
  }

  /**
   * Another writer has made a path. A staged file of that name loses the name when the node of the other is added, so that a
   * lookup finds one of the two. A pending directory now belongs to that writer; then true is returned, because it already has a
   * node.
   */
  giveWay(path: string, namespace: Namespace): boolean {
    const id = this.#paths.get(path);
    const node = id === undefined ? undefined : this.#host.server.node(id);
    if (node === undefined) return false;
    if (node.kind === 'directory') {
      const theirs = namespace.get(path);
      if (theirs?.kind !== 'directory') return false;
      this.#host.server.adopt(node.id, theirs);
      this.#forget(node.id, path);
      return true;
    }
    this.#replaced.push(node.id);
    this.#forget(node.id, path);
    this.#host.log(`${path}: another writer has made this file; the bytes written here are lost once it is closed`);
    return false;
  }

  /** Files that gave way lose their names now, if the nodes in their place could not be added. */
  dropReplaced(): void {
    for (const id of this.#replaced.splice(0)) {
      if (stagedNode(this.#host.server, id)?.named) this.#host.server.remove(id, false);
    }
  }

  /** A staged file is being closed: it is now kept. Returns 0, or an errno if there is no room for it. */
  flush(id: number): number {
    const node = stagedNode(this.#host.server, id);
    if (node === undefined || node.size === 0) return 0;
    this.#keep(node);
    try {
      this.#claims.require(node);
      return 0;
    } catch (error) {
      this.#report(node, error);
      return errnoOf(error);
    }
  }

  /** A file was closed, and nobody writes to it now. */
  release(id: number): void {
    if (this.#host.server.node(id)?.kind === 'staged') this.#touch(id);
  }

  /** Commits closed files. Resolves when that is done or reported. */
  async settle(): Promise<void> {
    const ids = [...this.#due.keys()];
    this.#stopTimer();
    await this.#commitClosed(ids);
  }

  /** Commits everything that has bytes and a name, even if it was refused before, and reports the rest. */
  async settleAll(): Promise<void> {
    this.#stopTimer();
    const { server, kept, log } = this.#host;
    await this.#commit([...this.#paths.values()]);
    for (const [path, id] of this.#paths) {
      const node = server.node(id);
      if (node !== undefined && (node.kind === 'directory' || node.size > 0)) this.#keep(node);
      const file = kept.fileOf(id);
      if (file === undefined) log(`${path}: was not committed, and is lost with the mount`);
      else log(`${path}: was not committed; it is kept as ${file} for the next mount`);
    }
  }

  /** Commits one node now, with its parent directories. Returns 0 or an errno. */
  async sync(id: number): Promise<number> {
    this.#due.delete(id);
    return (await this.#commit([id])).get(id) ?? 0;
  }

  /**
   * Gives an empty staged file its size, filled with zeros, and commits it at once. Throws the reason if that is not possible.
   */
  async allocate(id: number, size: number): Promise<void> {
    await this.#host.withSession(async (session) => {
      const commit = new Commit(this.#host, session);
      this.#commitParents(commit, id);
      if (await commit.zeros(id, size)) this.#done(id);
    });
  }

  /** Stages again everything that an earlier server kept, and commits it. */
  async recover(leftovers: readonly Leftover[]): Promise<void> {
    const { log } = this.#host;
    const ids: number[] = [];
    await this.#host.withSession(async (session) => {
      for (const leftover of leftovers) {
        try {
          const id = await this.#restage(session, leftover);
          if (id !== undefined) ids.push(id);
        } catch (error) {
          log(`${leftover.path}: cannot be recovered from ${leftover.file}: ${(error as Error).message}`);
        }
      }
    });
    const committed = [...(await this.#commit(ids)).values()].filter((errno) => errno === 0).length;
    log(`${committed} of ${leftovers.length} files and directories left by an earlier server are committed now`);
  }

  /** The node of a kept file; undefined if it is already in the log. */
  async #restage(session: WriteSession, leftover: Leftover): Promise<number | undefined> {
    const { server, kept, signal } = this.#host;
    const { path: given, file, directory } = leftover;
    const path = newPath(given);
    if (path !== given || path === '') throw new FamfsError('BAD_PATH', `'${given}' is not a valid path`);
    const { namespace } = session.volume.replay;
    const parent = this.#idOf(parentPath(path));
    if (parent === undefined) throw new FamfsError('NO_PARENT', `${path} has no directory to be in`);
    const name = pathBytes(lastName(path));
    const theirs = namespace.get(path);
    const id = this.#ids.next();
    if (theirs === undefined) {
      if (directory) server.stageDirectory(id, parent, name, leftover);
      else server.stageKept(id, parent, name, leftover, file);
      this.#paths.set(path, id);
      const node = this.#node(id);
      this.#claims.add(id, node.size);
      kept.adopt(leftover, node);
      return id;
    }
    if (!directory) {
      const same =
        theirs.kind === 'file' && (await hasBytesOf(session, session.volume.fileEntry(theirs), file, signal));
      if (!same) throw new FamfsError('EXISTS', `${path} exists, with other bytes`);
    } else if (theirs.kind !== 'directory') throw new FamfsError('EXISTS', `${path} exists`);
    kept.forget(leftover);
    return undefined;
  }

  #idOf(path: string): number | undefined {
    let id: number | undefined = ROOT_ID;
    for (const name of path === '' ? [] : path.split('/'))
      id = id === undefined ? undefined : this.#host.server.find(id, pathBytes(name));
    return id;
  }

  /** Commits nodes that nobody writes to; the others are due again once they are closed. */
  async #commitClosed(ids: readonly number[]): Promise<void> {
    await this.#commit(ids.filter((id) => (this.#host.server.node(id)?.writers ?? 0) === 0));
  }

  async #commit(ids: readonly number[]): Promise<Map<number, number>> {
    const results = new Map<number, number>();
    const { server } = this.#host;
    const wanted = ids.filter((id) => server.node(id)?.pending || (stagedNode(server, id)?.size ?? 0) > 0);
    if (wanted.length === 0) return results;
    try {
      await this.#host.withSession(async (session) => {
        const commit = new Commit(this.#host, session);
        for (const id of wanted) results.set(id, await this.#tryCommit(commit, id));
      });
    } catch (error) {
      for (const id of wanted) results.set(id, this.#failed(id, error));
    }
    return results;
  }

  async #tryCommit(commit: Commit, id: number): Promise<number> {
    try {
      const node = this.#host.server.node(id);
      this.#commitParents(commit, id);
      if (node?.kind === 'directory') this.#commitDirectory(commit, id);
      else if (await commit.file(id)) this.#done(id);
      return 0;
    } catch (error) {
      return this.#failed(id, error);
    }
  }

  /** Commits the pending directories above a node. */
  #commitParents(commit: Commit, id: number): void {
    const { server } = this.#host;
    const above: number[] = [];
    for (let at = server.node(id)?.parent; at !== undefined; ) {
      const node = server.node(at);
      if (!node?.pending) break;
      above.push(at);
      at = node.parent;
    }
    for (const directory of above.reverse()) this.#commitDirectory(commit, directory);
  }

  #commitDirectory(commit: Commit, id: number): void {
    commit.directory(id);
    this.#done(id);
  }

  #done(id: number): void {
    this.#forget(id, decodePath(this.#node(id).path));
  }

  #failed(id: number, error: unknown): number {
    const node = this.#host.server.node(id);
    if (node !== undefined) this.#report(node, error);
    return errnoOf(error);
  }

  /** Schedules the commit of a node for when it has been idle for a while. */
  #touch(id: number): void {
    this.#due.delete(id);
    this.#due.set(id, performance.now() + this.#host.linger);
    this.#wakeIn(this.#host.linger);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due.clear();
  }

  #wakeIn(milliseconds: number): void {
    // the server keeps the process alive, and commits the rest when it ends
    this.#timer ??= setTimeout(() => this.#wake(), milliseconds).unref();
  }

  #wake(): void {
    this.#timer = undefined;
    const now = performance.now();
    const ids: number[] = [];
    for (const [id, due] of this.#due) {
      // timers are rounded to milliseconds
      if (due > now + 1) {
        this.#wakeIn(due - now);
        break;
      }
      ids.push(id);
    }
    for (const id of ids) this.#due.delete(id);
    void this.#commitClosed(ids);
  }

  #keep(node: FuseNode): void {
    try {
      this.#host.kept.keep(this.#host.server, node);
    } catch (error) {
      if (!this.#cannotKeep)
        this.#host.log(
          `new files cannot be kept (${(error as Error).message}): if this process is killed, files closed in the last ${this.#host.linger} ms are lost`,
        );
      this.#cannotKeep = true;
    }
  }

  #node(id: number): FuseNode {
    return this.#host.server.node(id) as FuseNode;
  }

  #forget(id: number, path: string): void {
    if (this.#paths.get(path) === id) this.#paths.delete(path);
    this.#due.delete(id);
    this.#reported.delete(id);
    this.#claims.delete(id);
    this.#host.kept.drop(id);
  }

  #report(node: FuseNode, error: unknown): void {
    this.#claims.delete(node.id);
    if (this.#reported.has(node.id)) return;
    this.#reported.add(node.id);
    const path = decodePath(node.path);
    const why = (error as Error).message;
    this.#host.log(`${path}: not committed: ${why}; it stays in this mount until it is removed: copy it elsewhere`);
  }
}

/** The path of a name in a directory. */
function pathIn(directory: FuseNode, name: Buffer): string {
  const slash = directory.path.length === 0 ? '' : '/';
  return decodePath(Buffer.concat([directory.path, Buffer.from(slash), name]));
}
