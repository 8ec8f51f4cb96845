/** A folder for one test, with image files and a system uuid, in which famfs runs. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after } from 'node:test';
import type { ProcessContext } from '../../src/ui/run.js';
import { type Run, runCommand } from './runCommand.js';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;

/** System uuid of the host that tests run on, unless they change it. */
export const OWN_UUID = '11111111-2222-4333-8444-555555555555';

/** System uuid of another host. */
export const OTHER_UUID = '99999999-2222-4333-8444-555555555555';

export interface ListedEntry {
  readonly path: string;
  readonly size: number;
  /** octal: `0644` */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), 'famfs-test-'));
  readonly env: Record<string, string> = {
    FAMFS_SYSTEM_UUID_FILE: join(this.folder, 'system_uuid'),
    FAMFS_SYSROOT: join(this.folder, 'sysroot'),
  };

  constructor(uuid = OWN_UUID) {
    this.becomeHost(uuid);
    after(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** Makes later commands run on the host with this system uuid. */
  becomeHost(uuid: string): void {
    writeFileSync(this.env.FAMFS_SYSTEM_UUID_FILE as string, `${uuid}\0`);
  }

  /** A sparse image file of `size` bytes. */
  image(name: string, size: number): string {
    const path = join(this.folder, name);
    writeFileSync(path, '');
    truncateSync(path, size);
    return path;
  }

  /** Runs famfs here; never throws for a failing command. */
  run(argv: readonly string[], overrides: Partial<ProcessContext> = {}): Promise<Run> {
    return runCommand(argv, { cwd: this.folder, env: this.env, ...overrides });
  }

  /** Runs famfs, expects success, and returns standard output. */
  async ok(argv: readonly string[], overrides: Partial<ProcessContext> = {}): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(argv, overrides);
    if (exitCode !== 0) throw new Error(`famfs ${argv.join(' ')} exited ${exitCode}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Runs famfs with --json, expects success, and returns the document. */
  async json<T = Record<string, unknown>>(argv: readonly string[]): Promise<T> {
    return JSON.parse(await this.ok([...argv, '--json'])) as T;
  }

  /** All files and directories, as `ls -R` lists them. */
  async entries(): Promise<readonly ListedEntry[]> {
    return (await this.json<{ entries: ListedEntry[] }>(['ls', '-R'])).entries;
  }

  /** Runs famfs with --json, expects an error, and returns it. */
  async error(
    argv: readonly string[],
    overrides: Partial<ProcessContext> = {},
  ): Promise<{ exitCode: number; code: string; message: string; hint?: string }> {
    const { exitCode, stdout, stderr } = await this.run([...argv, '--json'], overrides);
    const line = stderr
      .trim()
      .split('\n')
      .find((text) => text.startsWith('{"error"'));
    if (line === undefined)
      throw new Error(`famfs ${argv.join(' ')} exited ${exitCode} without an error: ${stderr}${stdout}`);
    return { exitCode, ...JSON.parse(line).error };
  }

  /** A fresh file system on pool.img, which FAMFS_DEV names. */
  async makeFs(size = GIB, ...options: string[]): Promise<string> {
    const path = this.image('pool.img', size);
    await this.ok(['mkfs', ...options, path]);
    this.env.FAMFS_DEV = path;
    return path;
  }
}

/** A sandbox with a fresh file system of `size` bytes in it. */
export async function sandboxWithFs(size = GIB): Promise<Sandbox> {
  const sandbox = new Sandbox();
  await sandbox.makeFs(size);
  return sandbox;
}

/** The first `length` bytes of an image. */
export function firstBytes(path: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const fd = openSync(path, 'r');
  readSync(fd, bytes, 0, length, 0);
  closeSync(fd);
  return bytes;
}

/** Standard input that holds `text`. */
export function stdinOf(text: string): Readable {
  return Readable.from([Buffer.from(text)]);
}
