/** Processes that make files at the same time, and one that replays meanwhile. */
import { type ChildProcess, spawn } from 'node:child_process';
import { FAMFS, GUARD } from './famfs.js';
import type { Sandbox } from './sandbox.js';

/** Starts the installed program in a sandbox; `input` goes to its standard input. */
export function start(sandbox: Sandbox, argv: readonly string[], input = ''): ChildProcess {
  const child = spawn(process.execPath, [FAMFS, ...argv], {
    cwd: sandbox.folder,
    env: { ...process.env, ...sandbox.env },
    ...GUARD,
  });
  // a killed child closes its pipe
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  return child;
}

/** Lines for `creat --from -`: `count` files of one allocation unit. */
export function listing(prefix: string, count: number): string {
  return Array.from({ length: count }, (_, i) => `${prefix}-${i} 2M\n`).join('');
}

/** A file system with room for `files` files of one allocation unit. */
export async function roomFor(sandbox: Sandbox, files: number): Promise<string> {
  const path = sandbox.image(`pool-${files}.img`, (files + 8) * 2 ** 21);
  await sandbox.ok(['mkfs', '--quiet', path]);
  return path;
}
