/**
 * Keeps new files that were closed and are not in the log yet, so that they survive if the server is killed: their temporary
 * files get names in a folder. A name holds everything for the log entry: type, mode, owner and path.
 */
import { lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePath } from '../../format/path.js';
import type { FuseNode, FuseOwner, FuseServer } from '../../native/fuse.js';
import { FamfsError } from '../errors.js';

const PRIVATE = 0o700;
const OTHERS = 0o077;
const PERMISSIONS = 0o7777;
/** kind, process, node, mode (octal), uid, gid, path (base64url) */
const NAME = /^([df])-(\d{1,10})-(\d{1,15})-([0-7]{1,4})-(\d{1,10})-(\d{1,10})-([\w-]{1,110})$/;

/** A file or directory that an earlier server kept. */
export interface Leftover extends FuseOwner {
  /** absolute path of the temporary file; for a directory, of an empty file that stands for it */
  readonly file: string;
  readonly directory: boolean;
  readonly path: string;
}

export class KeptFiles {
  /** absolute */
  readonly folder: string;
  /** name in the folder of each kept file, by node */
  readonly #names = new Map<number, string>();

  /** @param staging the staging folder */
  constructor(staging: string, fsUuid: string) {
    this.folder = join(staging, `famfs-staged-${userId()}-${fsUuid}`);
  }

  /** Makes the folder, for this user alone. Throws NO_DIRECTORY if that fails, or if it belongs to someone else. */
  prepare(): void {
    const { folder } = this;
    const hint = 'name another staging folder with --staging';
    try {
      mkdirSync(folder, { mode: PRIVATE });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new FamfsError('NO_DIRECTORY', `new files cannot be staged: ${(error as Error).message}`, {
          hint,
          cause: error,
        });
    }
    const stats = lstatSync(folder);
    if (!stats.isDirectory() || stats.uid !== userId() || (stats.mode & OTHERS) !== 0)
      throw new FamfsError('NO_DIRECTORY', `${folder} is not a folder that only this user can change`, { hint });
  }

  /** Files and directories that earlier servers left; directories come before their possible contents. */
  leftovers(): Leftover[] {
    const found = readdirSync(this.folder).flatMap((name) => this.#parse(name) ?? []);
    return found.sort((a, b) => Number(b.directory) - Number(a.directory) || a.path.length - b.path.length);
  }

  #parse(name: string): Leftover | undefined {
    const [, kind, pid, , mode, uid, gid, path] = NAME.exec(name) ?? [];
    if (path === undefined || (Number(pid) !== process.pid && isRunning(Number(pid)))) return undefined;
    return {
      file: join(this.folder, name),
      directory: kind === 'd',
      path: decodePath(Buffer.from(path, 'base64url')),
      mode: Number.parseInt(mode as string, 8) & PERMISSIONS,
      uid: Number(uid),
      gid: Number(gid),
    };
  }

  /** Keeps a staged file or pending directory under its current name. Throws the error of the folder's file system. */
  keep(server: FuseServer, node: FuseNode): void {
    if (this.#names.has(node.id)) {
      this.update(node);
      return;
    }
    const name = nameOf(node);
    if (node.kind === 'directory') writeFileSync(join(this.folder, name), '', { flag: 'wx', mode: 0o600 });
    else server.keep(node.id, join(this.folder, name));
    this.#names.set(node.id, name);
  }

  /** Adopts a file that was left, under its new node. */
  adopt({ file }: Leftover, node: FuseNode): void {
    const name = nameOf(node);
    renameSync(file, join(this.folder, name));
    this.#names.set(node.id, name);
  }

  /** Removes a file that was left, because it is in the log. */
  forget({ file }: Leftover): void {
    rmSync(file, { force: true });
  }

  /** Follows a change of mode, owner or path of a kept file. */
  update(node: FuseNode): void {
    const old = this.#names.get(node.id);
    const name = nameOf(node);
    if (old === undefined || old === name) return;
    renameSync(join(this.folder, old), join(this.folder, name));
    this.#names.set(node.id, name);
  }

  /** Stops keeping a file: it is in the log, or was removed. */
  drop(id: number): void {
    const name = this.#names.get(id);
    if (name === undefined) return;
    this.#names.delete(id);
    rmSync(join(this.folder, name), { force: true });
  }

  /** Where the bytes of a node are kept; undefined if they are not. */
  fileOf(id: number): string | undefined {
    const name = this.#names.get(id);
    return name === undefined ? undefined : join(this.folder, name);
  }

  /** Removes the folder unless something is in it. */
  close(): void {
    try {
      rmdirSync(this.folder);
    } catch {
      // the next mount finds the files that are left
    }
  }
}

function nameOf({ kind, id, mode, uid, gid, path }: FuseNode): string {
  const what = kind === 'directory' ? 'd' : 'f';
  return [what, process.pid, id, mode.toString(8), uid, gid, path.toString('base64url')].join('-');
}

function userId(): number {
  return process.geteuid?.() ?? 0;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
