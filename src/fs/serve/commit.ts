/** How staged files get into the log: directories are appended; files are placed, copied into memory, and appended. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { LogEntry } from '../../format/entries/entryTypes.js';
import type { FileEntry } from '../../format/entries/file.js';
import { decodePath } from '../../format/path.js';
import type { FuseNode, FuseServer } from '../../native/fuse.js';
import { CreationPlan } from '../allocate/creationPlan.js';
import type { Layout } from '../allocate/placement.js';
import { makeRandom } from '../allocate/random.js';
import { FamfsError } from '../errors.js';
import type { WriteSession } from '../pool/writeSession.js';
import { storeContent } from '../transfer/content.js';
import { FileMap } from '../transfer/fileMap.js';
import { defaultThreads, type TransferControl, transferFile } from '../transfer/transferFile.js';

/** number of copies of a file that keeps changing before its writers are made to wait */
const ATTEMPTS = 3;

/** What a commit needs from the served file system. */
export interface CommitHost {
  readonly server: FuseServer;
  readonly signal: AbortSignal;
  /** layout of new files in a directory */
  layoutIn(directory: number): Layout;
  /** appends the entry of a node that already exists */
  appendOwn(session: WriteSession, entry: LogEntry): number;
}

/** Commits one node after the other, under one lock. */
export class Commit {
  readonly #host: CommitHost;
  readonly #session: WriteSession;
  readonly #random = makeRandom();
  #plan: CreationPlan;

  constructor(host: CommitHost, session: WriteSession) {
    this.#host = host;
    this.#session = session;
    this.#plan = this.#newPlan();
  }

  /** Names were judged when files got them. */
  #newPlan(): CreationPlan {
    return new CreationPlan(this.#session, this.#random, true);
  }

  /** Appends a pending directory, whose parent is in the log. Throws EXISTS, NO_PARENT or LOG_FULL; then it is still pending. */
  directory(id: number): void {
    const { server } = this.#host;
    if (server.node(id)?.pending !== true) return;
    server.settle(id, true);
    const { path: bytes, mode, uid, gid } = server.node(id) as FuseNode;
    const path = decodePath(bytes);
    try {
      const fault = this.#session.volume.replay.namespace.faultOf(path);
      if (fault === 'PATH_DUPLICATE') throw new FamfsError('EXISTS', `${path} exists`);
      if (fault !== undefined) throw new FamfsError('NO_PARENT', `${path} has no directory to be in`);
      this.#host.appendOwn(this.#session, { type: 'MKDIR', path, uid, gid, mode });
    } catch (error) {
      server.settle(id, false);
      throw error;
    }
  }

  /**
   * Places, copies and appends a file, and starts again if somebody changes it meanwhile. Returns false if there is nothing to
   * commit, or the mount ends meanwhile. Throws what CreationPlan.addFile and transferFile throw.
   */
  async file(id: number): Promise<boolean> {
    const { server } = this.#host;
    for (let attempt = 0; ; attempt++) {
      const node = stagedNode(server, id);
      if (node === undefined || node.size === 0) return false;
      const patient = attempt < ATTEMPTS;
      if (!patient && !server.freeze(id, node.version as number)) continue;
      try {
        const entry = this.#place(node, node.size);
        if (!(await this.#copy(entry, node))) return false;
        const now = stagedNode(server, id);
        // its version counts changes of its bytes, mode and owner
        const same = now?.path.equals(node.path) === true && now.version === node.version;
        if (same && (!patient || server.freeze(id, node.version as number))) {
          this.#append(node, entry);
          return true;
        }
      } finally {
        if (stagedNode(server, id) !== undefined) server.thaw(id);
      }
      // its space is free again, and the placer must know that
      this.#plan = this.#newPlan();
    }
  }

  /** Gives an empty staged file its size, filled with zeros. Returns and throws as `file` does, and CHANGED. */
  async zeros(id: number, size: number): Promise<boolean> {
    const { server } = this.#host;
    const node = stagedNode(server, id);
    if (node === undefined) return false;
    const entry = this.#place(node, size);
    const map = new FileMap(this.#session.volume, entry);
    if (!(await storeContent(map, { from: 'zeros' }, silently(this.#host.signal)))) return false;
    const now = stagedNode(server, id);
    if (!now?.path.equals(node.path) || !server.freeze(id, node.version as number))
      throw new FamfsError('CHANGED', `${entry.path} was changed while it was allocated`);
    try {
      this.#append(node, entry);
    } finally {
      if (stagedNode(server, id) !== undefined) server.thaw(id);
    }
    return true;
  }

  #place({ path, mode, uid, gid, parent }: FuseNode, size: number): FileEntry {
    const request = { path: decodePath(path), size, mode, uid, gid };
    return this.#plan.addFile(request, this.#host.layoutIn(parent), false).entry;
  }

  async #copy(entry: FileEntry, { fd }: FuseNode): Promise<boolean> {
    const copy = { operation: 'copyIn', fd: fd as number, otherEnd: 'the staged file' } as const;
    return !(await transferFile(new FileMap(this.#session.volume, entry), copy, silently(this.#host.signal))).cancelled;
  }

  /** The entry of a frozen file, with all its bytes in memory. */
  #append(node: FuseNode, entry: FileEntry): void {
    const { fmap, size } = entry;
    this.#host.appendOwn(this.#session, entry);
    const extents = fmap.extents.map(({ daxdev, deviceOffset, length }) => ({
      device: daxdev,
      offset: deviceOffset,
      length,
    }));
    this.#host.server.place(node.id, size, fmap.layout === 'interleaved' ? fmap.chunkSize : 0, extents);
  }
}

/** A staged file with a name; undefined for anything else. */
export function stagedNode(server: FuseServer, id: number): FuseNode | undefined {
  const node = server.node(id);
  return node?.kind === 'staged' && node.named ? node : undefined;
}

/** Whether the file of that log entry has the bytes of a temporary file. Throws POISON if its memory cannot be reached. */
export async function hasBytesOf(
  session: WriteSession,
  entry: FileEntry,
  file: string,
  signal: AbortSignal,
): Promise<boolean> {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const compare = { operation: 'compare', fd, otherEnd: 'the staged file', invalidate: true } as const;
  try {
    if (fstatSync(fd).size !== entry.size) return false;
    return !(await transferFile(new FileMap(session.volume, entry), compare, silently(signal))).cancelled;
  } catch (error) {
    if (error instanceof FamfsError && (error.code === 'WRONG_BYTE' || error.code === 'CHANGED')) return false;
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** Transfers without progress, as nobody watches a server. */
function silently(signal: AbortSignal): TransferControl {
  return { threads: defaultThreads(), signal, advance: () => {} };
}
