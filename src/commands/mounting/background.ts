/** Going to the background: this program is started once more, for nobody, and tells through a pipe when it is ready. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Context } from '../../ui/command.js';

/** set in the environment of the process that is to serve */
const STATUS = 'FAMFS_MOUNT_STATUS';
const STATUS_FD = 3;

/** How it went: the document of the mount, or the exit code of a process that has reported its error. */
export type Started<T> = { readonly data: T } | { readonly exitCode: number };

/** Runs this command line again, in the background; resolves once it serves, or has failed. */
export async function startInBackground<T>(context: Context): Promise<Started<T>> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    cwd: context.cwd,
    detached: true,
    env: { ...context.env, [STATUS]: String(STATUS_FD) },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const stop = () => child.kill('SIGTERM');
  context.signal.addEventListener('abort', stop, { once: true });
  child.stderr?.on('data', (bytes) => context.stderr.write(bytes));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const told = await text(child.stdio[STATUS_FD] as NodeJS.ReadableStream);
  context.signal.removeEventListener('abort', stop);
  if (told === '') return { exitCode: (await ended)[0] ?? 1 };
  // it goes on alone
  child.stderr?.destroy();
  child.unref();
  return { data: JSON.parse(told) as T };
}

/** Whether this process was started by startInBackground. */
export function isInBackground(context: Context): boolean {
  return context.env[STATUS] === String(STATUS_FD);
}

/** Tells whoever started this process that it serves now; nobody reads its standard error from then on. */
export function tellReady(context: Context, data: object): void {
  if (!isInBackground(context)) return;
  writeSync(STATUS_FD, JSON.stringify(data));
  closeSync(STATUS_FD);
  process.chdir('/');
}
