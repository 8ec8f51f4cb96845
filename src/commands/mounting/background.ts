/** Going to the background: a server process, detached, reports whether it serves. */
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type ErrorCode, FamfsError } from '../../fs/errors.js';
import type { Context } from '../../ui/command.js';
import { awaitRelease, isServerProcess, releaseServer, sendToStarter, takeServer } from './serverProcess.js';

const STDERR_FD = 2;

/** What the server process sends: the document of `mount`, or why it does not serve. */
type StartReport<T> = { readonly data: T } | { readonly error: StartError };

interface StartError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Record<string, unknown>;
}

/**
 * Runs this command line in the background, and resolves with its message once it serves. Throws the error that prevents it from
 * serving.
 */
export async function startInBackground<T>(context: Context): Promise<T> {
  const child = takeServer(context.cwd, context.env);
  const stop = () => child.kill('SIGTERM');
  context.signal.addEventListener('abort', stop, { once: true });
  child.stderr?.on('data', (bytes) => context.stderr.write(bytes));
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  const status = await text(releaseServer(child));
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

/** Whether this process was started by startInBackground; if so, waits until that wants it. Throws NOT_MOUNTED if it does not. */
export function isReleased(context: Context): boolean {
  if (!isServerProcess(context.env)) return false;
  if (!awaitRelease()) throw new FamfsError('NOT_MOUNTED', 'the command that started this server has ended');
  return true;
}

/** Reports to the starting process that this one serves now. */
export function reportReady(context: Context, data: object): void {
  if (!isServerProcess(context.env)) return;
  sendReport({ data });
  process.chdir('/');
}

/** Reports to the starting process why this one does not serve. This process reports errors other than those of famfs itself. */
export function reportFailure(context: Context, error: unknown): void {
  if (!isServerProcess(context.env) || !(error instanceof FamfsError)) return;
  const { code, message, hint, details } = error;
  sendReport({ error: { code, message, ...(hint && { hint }), ...(details && { details: { ...details } }) } });
}

function sendReport(report: StartReport<object>): void {
  closeSync(sendToStarter(JSON.stringify(report)));
  // nobody will read it; the lowest free descriptor is the one that was closed
  closeSync(STDERR_FD);
  openSync('/dev/null', 'w');
}
