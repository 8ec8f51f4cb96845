/** Mounts by the program as it is installed, on hosts that have FUSE; they are gone when the test ends, however that ends. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { FAMFS } from './famfs.js';
import type { Sandbox } from './sandbox.js';

/** Why there can be no mount here; undefined where there can. */
export function whyNoFuse(): string | undefined {
  if (process.geteuid?.() !== 0) return 'FUSE is not tested: mounting needs root';
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
    return undefined;
  } catch {
    return 'FUSE is not tested: /dev/fuse is missing';
  }
}

/** For the options of a test: skips it where there is no FUSE, and says so in one line a file. */
export function needsFuse(): { skip: string | false } {
  return { skip: whyNoFuse() ?? false };
}

/** milliseconds that a program may take */
const LIMIT = process.env.FAMFS_TEST_LONG === undefined ? 120_000 : 1_200_000;

let count = 0;

/** An empty directory; whatever is mounted there is taken away when the test ends, also when it is killed. */
export function makeMountPoint(sandbox: Sandbox): string {
  const path = join(sandbox.folder, `mnt${count++}`);
  mkdirSync(path);
  // it reads to the end of its input, which comes when this process is gone
  const guard = spawn('sh', ['-c', 'cat >/dev/null; umount -l "$0" 2>/dev/null', path], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  after(async () => {
    spawnSync('umount', ['-l', path], { stdio: 'ignore' });
    guard.stdin?.end();
  });
  return path;
}

export interface ProgramRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The system folders are those of this host, unless the sandbox has made its own. */
function environmentOf({ env }: Sandbox): NodeJS.ProcessEnv {
  return { ...process.env, ...env, FAMFS_SYSROOT: existsSync(env.FAMFS_SYSROOT ?? '') ? env.FAMFS_SYSROOT : '' };
}

/** Starts the program; its exit code. */
export async function startIn(sandbox: Sandbox, file: string, argv: readonly string[]): Promise<number> {
  const child = spawn(file, argv, {
    cwd: sandbox.folder,
    env: environmentOf(sandbox),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [exitCode] = await once(child, 'close');
  return exitCode ?? -1;
}

/** Runs the program, or a shell line, to its end. */
export function runIn(sandbox: Sandbox, file: string, argv: readonly string[]): ProgramRun {
  const { status, stdout, stderr } = spawnSync(file, argv, {
    cwd: sandbox.folder,
    env: environmentOf(sandbox),
    encoding: 'utf8',
    timeout: LIMIT,
  });
  return { exitCode: status, stdout, stderr };
}

/** Runs the program to its end and returns its standard output. Throws when it fails. */
export function runBytes(sandbox: Sandbox, file: string, argv: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(file, argv, {
    cwd: sandbox.folder,
    env: environmentOf(sandbox),
    timeout: LIMIT,
    maxBuffer: 1024 ** 3,
  });
  if (status !== 0) throw new Error(`${file} ${argv.join(' ')} exited ${status}: ${stderr.toString()}`);
  return stdout;
}

export function famfs(sandbox: Sandbox, ...argv: string[]): ProgramRun {
  return runIn(sandbox, FAMFS, argv);
}

/** Mounts what FAMFS_DEV names, in the background; the process of the server. Throws when that fails. */
export function mount(sandbox: Sandbox, mountPoint: string, ...options: string[]): number {
  const { exitCode, stdout, stderr } = famfs(sandbox, 'mount', '--json', mountPoint, ...options);
  if (exitCode !== 0) throw new Error(`famfs mount exited ${exitCode}: ${stderr}`);
  return (JSON.parse(stdout) as { pid: number }).pid;
}

/** Unmounts; the server may still be committing. Throws when that fails. */
export function unmount(sandbox: Sandbox, mountPoint: string): void {
  const { exitCode, stderr } = famfs(sandbox, 'umount', mountPoint);
  if (exitCode !== 0) throw new Error(`famfs umount exited ${exitCode}: ${stderr}`);
}

/** Runs a shell line; throws when it fails. */
export function sh(sandbox: Sandbox, line: string): string {
  const { exitCode, stdout, stderr } = runIn(sandbox, 'bash', ['-ec', line]);
  if (exitCode !== 0) throw new Error(`${line} exited ${exitCode}: ${stderr}`);
  return stdout;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
