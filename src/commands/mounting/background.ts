/** Going to the background: this program is started again, detached, and reports through a pipe whether it serves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type ErrorCode, FamfsError } from '../../fs/errors.js';
import type { Context } from '../../ui/command.js';

/** set in the environment of the server process */
const STATUS = 'FAMFS_MOUNT_STATUS';
const STATUS_FD = 3;
const STDERR_FD = 2;

/** The message in the pipe: the document of `mount`, or why it does not serve. */
type StartReport<T> = { readonly data: T } | { readonly error: StartError };

interface StartError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Record<string, unknown>;
}

/**
 * Runs this command line again, in the background, and resolves with its message once it serves. Throws the error that prevents
 * it from serving.
 */
export async function startInBackground<T>(context: Context): Promise<T> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    argv0: process.argv0,
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
  const report = JSON.parse(status) as StartReport<T>;
  if ('error' in report) throw new FamfsError(report.error.code, report.error.message, report.error);
  // it goes on alone
  child.stderr?.destroy();
  child.unref();
  return report.data;
}

/** Whether this process was started by startInBackground. */
export function isInBackground(context: Context): boolean {
  return context.env[STATUS] === String(STATUS_FD);
}

/** Reports to the starting process that this one serves now. */
export function reportReady(context: Context, data: object): void {
  if (!isInBackground(context)) return;
  sendReport({ data });
  process.chdir('/');
}

/** Reports to the starting process why this one does not serve. This process reports errors other than those of famfs itself. */
export function reportFailure(context: Context, error: unknown): void {
  if (!isInBackground(context) || !(error instanceof FamfsError)) return;
  const { code, message, hint, details } = error;
  sendReport({ error: { code, message, ...(hint && { hint }), ...(details && { details: { ...details } }) } });
}

function sendReport(report: StartReport<object>): void {
  writeSync(STATUS_FD, JSON.stringify(report));
  closeSync(STATUS_FD);
  // nobody will read it; the lowest free descriptor is the one that was closed
  closeSync(STDERR_FD);
  openSync('/dev/null', 'w');
}
