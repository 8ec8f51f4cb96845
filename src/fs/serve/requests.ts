/** Answers requests of the kernel that the table alone cannot answer. docs/fuse.md lists the refusals, a row each. */
import { type FuseControl, type FuseNode, type FuseServer, Opcode } from '../../native/fuse.js';
import { FamfsError } from '../errors.js';
import type { Attributes } from './attributes.js';
import { ERRNO, errnoOf } from './errnos.js';
import type { KernelMaps } from './kernelMaps.js';
import { META_ID } from './nodeIds.js';
import type { ServeLog } from './serveOptions.js';
import type { Staging } from './staging.js';

const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const PERMISSIONS = 0o7777;
const RENAME_NOREPLACE = 1;

export interface RequestHost {
  readonly server: FuseServer;
  readonly staging: Staging;
  readonly attributes: Attributes;
  readonly maps: KernelMaps;
  readonly log: ServeLog;
}

/** A refusal, as the errno for the caller. */
class Refusal extends Error {
  constructor(readonly errno: number) {
    super(`errno ${errno}`);
  }
}

export class Requests {
  readonly #host: RequestHost;

  constructor(host: RequestHost) {
    this.#host = host;
  }

  /** Answers a request, now or later. */
  handle(control: FuseControl): void {
    this.#answer(control).catch((error: unknown) => {
      const errno = error instanceof Refusal ? error.errno : errnoOf(error);
      // a famfs error already says everything
      if (errno === ERRNO.EIO && !(error instanceof FamfsError))
        this.#host.log(`request ${control.opcode} failed: ${(error as Error).message}`);
      this.#host.server.answerError(control.unique, errno);
    });
  }

  async #answer(control: FuseControl): Promise<void> {
    const { unique, opcode, node, numbers } = control;
    const { server, staging, attributes, maps } = this.#host;
    switch (opcode) {
      case Opcode.CREATE:
        server.answerCreate(unique, this.#create(control));
        return;
      case Opcode.MKNOD:
        if ((numbers[0] & FILE_TYPE) !== REGULAR) throw new Refusal(ERRNO.EPERM);
        server.answerEntry(unique, this.#create(control));
        return;
      case Opcode.MKDIR:
        server.answerEntry(unique, this.#makeDirectory(control));
        return;
      case Opcode.UNLINK:
        staging.remove(this.#staged(control));
        server.answerError(unique, 0);
        return;
      case Opcode.RMDIR:
        staging.remove(this.#removable(control));
        server.answerError(unique, 0);
        return;
      case Opcode.RENAME:
        this.#rename(control);
        server.answerError(unique, 0);
        return;
      case Opcode.SETATTR:
        if (numbers[1] === 0) await staging.allocate(node, numbers[0]);
        else staging.changed(node);
        server.answerAttr(unique, node);
        return;
      case Opcode.FALLOCATE:
        await staging.allocate(node, numbers[0]);
        server.answerError(unique, 0);
        return;
      case Opcode.FLUSH:
        server.answerError(unique, staging.flush(node));
        return;
      case Opcode.FSYNC:
        server.answerError(unique, await staging.sync(node));
        return;
      case Opcode.FSYNCDIR:
        await staging.settle();
        server.answerError(unique, this.#node(node).pending ? await staging.sync(node) : 0);
        return;
      case Opcode.RELEASE:
        staging.release(node);
        maps.release(node);
        return;
      case Opcode.OPEN:
        maps.open(control);
        return;
      case Opcode.GETXATTR:
        server.answerBytes(unique, attributes.get(this.#node(node), control.name.toString()) ?? refuse(ERRNO.ENODATA));
        return;
      case Opcode.LISTXATTR:
        server.answerBytes(unique, attributes.list(this.#node(node)));
        return;
      case Opcode.SETXATTR:
        server.answerError(unique, attributes.set(this.#node(node), control.name.toString(), control.other.toString()));
        return;
      case Opcode.REMOVEXATTR:
        server.answerError(unique, attributes.remove(this.#node(node), control.name.toString()));
        return;
      case Opcode.GET_FMAP:
        server.answerBytes(unique, maps.fmapReply(node, numbers[0]));
        return;
      case Opcode.GET_DAXDEV:
        server.answerBytes(unique, maps.daxdevReply(node));
        return;
      default:
        throw new Refusal(ERRNO.ENOSYS);
    }
  }

  #create(control: FuseControl): number {
    const { node, name, numbers, uid, gid } = control;
    if (this.#host.server.find(node, name) !== undefined) throw new Refusal(ERRNO.EEXIST);
    return this.#host.staging.create(this.#directory(node), name, { mode: numbers[0] & PERMISSIONS, uid, gid });
  }

  #makeDirectory({ node, name, numbers, uid, gid }: FuseControl): number {
    if (this.#host.server.find(node, name) !== undefined) throw new Refusal(ERRNO.EEXIST);
    return this.#host.staging.makeDirectory(this.#directory(node), name, { mode: numbers[0] & PERMISSIONS, uid, gid });
  }

  /** A directory by its name in its parent, if it can be removed. */
  #removable({ node, name }: FuseControl): FuseNode {
    const found = this.#child(node, name);
    if (found.kind !== 'directory') throw new Refusal(ERRNO.ENOTDIR);
    if (!found.pending) throw new Refusal(ERRNO.EPERM);
    if (!found.empty) throw new Refusal(ERRNO.ENOTEMPTY);
    return found;
  }

  #rename(control: FuseControl): void {
    const { other, numbers } = control;
    const [to, flags] = numbers;
    const { server, staging } = this.#host;
    if ((flags & ~RENAME_NOREPLACE) !== 0) throw new Refusal(ERRNO.EINVAL);
    const from = this.#renamable(control);
    const directory = this.#directory(to);
    const inTheWay = server.find(to, other);
    if (inTheWay === from.id) return;
    if (inTheWay !== undefined) {
      if ((flags & RENAME_NOREPLACE) !== 0) throw new Refusal(ERRNO.EEXIST);
      const { kind } = this.#node(inTheWay);
      if (from.kind === 'directory') throw new Refusal(kind === 'directory' ? ERRNO.EPERM : ERRNO.ENOTDIR);
      if (kind !== 'staged') throw new Refusal(kind === 'directory' ? ERRNO.EISDIR : ERRNO.EPERM);
      staging.remove(this.#node(inTheWay));
    }
    staging.rename(from, directory, Buffer.from(other));
  }

  /** A staged file by its name in a directory; no other file can be removed. */
  #staged({ node, name }: FuseControl): FuseNode {
    const found = this.#child(node, name);
    if (found.kind === 'directory') throw new Refusal(ERRNO.EISDIR);
    if (found.kind !== 'staged') throw new Refusal(ERRNO.EPERM);
    return found;
  }

  /** A staged file, or an empty pending directory; nothing else can be renamed. */
  #renamable({ node, name }: FuseControl): FuseNode {
    const found = this.#child(node, name);
    if (found.kind !== 'staged' && !found.empty) throw new Refusal(ERRNO.EPERM);
    return found;
  }

  #child(directory: number, name: Buffer): FuseNode {
    const id = this.#host.server.find(directory, name);
    if (id === undefined) throw new Refusal(ERRNO.ENOENT);
    return this.#node(id);
  }

  /** A directory in which files and directories can be made. */
  #directory(id: number): FuseNode {
    const node = this.#node(id);
    if (node.kind !== 'directory') throw new Refusal(ERRNO.ENOTDIR);
    if (node.id === META_ID) throw new Refusal(ERRNO.EPERM);
    return node;
  }

  #node(id: number): FuseNode {
    const node = this.#host.server.node(id);
    if (node === undefined) throw new Refusal(ERRNO.ESTALE);
    return node;
  }
}

function refuse(errno: number): never {
  throw new Refusal(errno);
}
