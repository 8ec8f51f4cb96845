/** Going to the background: this program is started once more, for nobody, and tells through a pipe how that went. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type ErrorCode, FamfsError } from '../../fs/errors.js';
import type { Context } from '../../ui/command.js';

/** set in the environment of the process that is to serve */
const STATUS = 'FAMFS_MOUNT_STATUS';
const STATUS_FD = 3;
const STDERR_FD = 2;

/** What comes through the pipe. */
type Told<T> = { readonly data: T } | { readonly error: ToldError };

interface ToldError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Record<string, unknown>;
}

/**
 * Runs this command line again, in the background, and resolves with what that says once it serves. Throws the error that
 * keeps it from serving.
 */
export async function startInBackground<T>(context: Context): Promise<T> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    cwd: context.cwd,
    detached: true,
    env: { ...context.env, [STATUS]: String(STATUS_FD) },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const stop = () => child.kill('SIGTERM');
  context.signal.addEventListener('abort', stop, { once: true });
  child.stderr?.on('data', (bytes) => context.stderr.write(bytes));
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  const status = await text(child.stdio[STATUS_FD] as NodeJS.ReadableStream);
  context.signal.removeEventListener('abort', stop);
  if (status === '') {
    const [exitCode, signal] = await ended;
    throw new FamfsError('NOT_MOUNTED', `the server ended before it was ready (${signal ?? `exit code ${exitCode}`})`);
  }
  const told = JSON.parse(status) as Told<T>;
  if ('error' in told) throw new FamfsError(told.error.code, told.error.message, told.error);
  // it goes on alone
  child.stderr?.destroy();
  child.unref();
  return told.data;
}

/** Whether this process was started by startInBackground. */
export function isInBackground(context: Context): boolean {
  return context.env[STATUS] === String(STATUS_FD);
}

/** Tells whoever started this process that it serves now. */
export function tellReady(context: Context, data: object): void {
  if (!isInBackground(context)) return;
  tell({ data });
  process.chdir('/');
}

/** Tells whoever started this process why it does not serve. Other errors than those of famfs are reported by this process. */
export function tellFailure(context: Context, error: unknown): void {
  if (!isInBackground(context) || !(error instanceof FamfsError)) return;
  const { code, message, hint, details } = error;
  tell({ error: { code, message, ...(hint && { hint }), ...(details && { details: { ...details } }) } });
}

function tell(told: Told<object>): void {
  writeSync(STATUS_FD, JSON.stringify(told));
  closeSync(STATUS_FD);
  // nobody will read it; the lowest free descriptor is the one that was closed
  closeSync(STDERR_FD);
  openSync('/dev/null', 'w');
}
