import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended } from '../../support/famfs.js';
import type { Outcome } from '../../vm/outcome.js';
import { preamble, type TestHost } from './testHost.js';

const MIB = 1024 ** 2;

/** Makes the sparse image files dax0.0, dax1.0 ... of these sizes (MiB) in a folder. */
export function makeImages(folder: string, sizes: readonly number[]): void {
  mkdirSync(folder, { recursive: true });
  for (const [number, size] of sizes.entries()) {
    const path = join(folder, `dax${number}.0`);
    writeFileSync(path, '');
    truncateSync(path, size * MIB);
  }
}

/** Hosts with the same folder of images share memory, like guests with the same backing files. */
export class ImageHost implements TestHost {
  readonly #folder = mkdtempSync(join(tmpdir(), 'famfs-host-'));
  readonly #env: Record<string, string>;
  #running: ChildProcess | undefined;

  /** @param identity file with the system uuid; without it the host makes a uuid when it needs one */
  constructor(images: string, identity?: string) {
    const sysroot = join(this.#folder, 'sysroot');
    mkdirSync(sysroot);
    symlinkSync(images, join(sysroot, 'dev'));
    const uuidFile = identity ?? join(this.#folder, 'system_uuid');
    this.#env = { FAMFS_SYSROOT: sysroot, FAMFS_SYSTEM_UUID_FILE: uuidFile };
  }

  async run(script: string): Promise<Outcome> {
    const places = { dev: join(this.#folder, 'sysroot', 'dev'), tmp: this.#folder, report: this.#report };
    const env = { ...process.env, ...this.#env };
    // a process group, so that a kill also ends what the shell started
    this.#running = spawn('bash', ['-c', preamble(places) + script], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { exitCode, stdout, stderr } = await ended(this.#running);
    this.#running = undefined;
    return { status: exitCode ?? 128, stdout, stderr };
  }

  report(): string {
    return existsSync(this.#report) ? readFileSync(this.#report, 'utf8') : '';
  }

  async kill(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#running ?? {};
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #report(): string {
    return join(this.#folder, 'report');
  }
}
