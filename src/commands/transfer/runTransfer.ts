/** Shared by all commands that move bulk data: threads, progress, Ctrl-C, failures of single files, timing and the summary. */
import { counted } from '../../format/counted.js';
import { FamfsError } from '../../fs/errors.js';
import type { Step } from '../../fs/host/step.js';
import { defaultThreads, type TransferControl } from '../../fs/transfer/transferFile.js';
import type { Context, Result, Streamed } from '../../ui/command.js';
import { withProgress } from '../../ui/progress.js';
import { humanBytes } from '../../ui/units.js';
import { configured } from '../options/settings.js';
import { threadOptions } from '../options/threads.js';
import { type FailedFile, Failures } from './failures.js';

export { threadOptions } from '../options/threads.js';

/** The result of a transfer. */
export interface TransferDocument<File> {
  /** the files that are done, in the order of the request */
  readonly files: readonly File[];
  /** sum of the sizes of these files */
  readonly bytes: number;
  readonly seconds: number;
  readonly failed: readonly FailedFile[];
}

/** A file that is done. */
export interface FileRow {
  /** in the file system */
  readonly path: string;
  /** bytes */
  readonly size: number;
}

/** Files that are done, as an array or made when they are asked for. */
export interface FileRows<File> extends Iterable<File> {
  readonly length: number;
  /** sum of the sizes, if it is known */
  readonly bytes?: number;
}

/** The result of the work of a transfer: the files that are done, and further fields of the document. */
export interface TransferOutcome<File, Extra> {
  readonly files: FileRows<File>;
  readonly extra: Extra;
  /** nothing was done: a dry run */
  readonly isPlan?: boolean;
  /** the text about a file; undefined: none */
  readonly line?: ((file: File) => string) | undefined;
}

/**
 * Runs a command that moves data, and makes its result. A failure that `work` adds does not stop the others: each is printed and
 * listed in the document, and the exit code is 1. Throws the signal's reason after an interruption.
 * @param verb of the summary: `copied`
 */
export async function runTransfer<File extends FileRow, Extra extends object>(
  context: Context,
  verb: string,
  work: (failures: Failures) => Promise<TransferOutcome<File, Extra>>,
): Promise<Result<Extra & TransferDocument<File>>> {
  const failures = new Failures();
  const started = performance.now();
  try {
    const { files, extra, line, isPlan } = await work(failures);
    failures.report(context);
    context.signal.throwIfAborted();
    const bytes = files.bytes ?? Array.from(files, ({ size }) => size).reduce((sum, size) => sum + size, 0);
    const seconds = (performance.now() - started) / 1000;
    return {
      data: { ...extra, files, bytes, seconds, failed: failures.files } as Streamed<Extra & TransferDocument<File>>,
      text: () => [
        ...(line ? Array.from(files, line) : []),
        summaryText(verb, files.length, bytes, isPlan ? undefined : seconds),
      ],
      exitCode: failures.exitCode,
    };
  } finally {
    failures.report(context);
  }
}

/** `copied 3 files, 1.5G in 0.4 s (3.8G/s)` */
function summaryText(verb: string, files: number, bytes: number, seconds: number | undefined): string {
  const what = `${verb} ${counted(files, 'file')}, ${humanBytes(bytes)}`;
  if (seconds === undefined) return what;
  const rate = seconds > 0 ? ` (${humanBytes(bytes / seconds)}/s)` : '';
  return `${what} in ${seconds.toFixed(1)} s${rate}`;
}

/** How the progress of a transfer is shown. */
export interface ProgressOptions {
  /** `copying in` */
  readonly label: string;
  /** total number of bytes */
  readonly total: number;
  /** undefined: as many as are useful */
  readonly threads: number | undefined;
  /** show no progress, because the terminal is needed for something else */
  readonly hidden?: boolean;
}

/**
 * Does bulk work with progress on the terminal. Listens for Ctrl-C until the work has ended, which happens soon after the signal
 * is aborted.
 */
export async function withControl<T>(
  context: Context,
  { label, total, threads, hidden = false }: ProgressOptions,
  work: (control: TransferControl) => Promise<T>,
): Promise<T> {
  // a command without a listener is killed, and between two files nothing else listens
  const listen = () => {};
  context.signal.addEventListener('abort', listen);
  try {
    const { stderr, json, progress, command, signal, step } = context;
    const shown = { stderr, json, progress, command, signal, quiet: context.quiet || hidden };
    const set = threads ?? (configured(context, 'transfer.threads', threadOptions.threads) as number | undefined);
    const control = { threads: set ?? defaultThreads(), signal };
    const started = performance.now();
    const result = await withProgress(shown, label, total, (advance) => work({ ...control, advance }));
    const seconds = (performance.now() - started) / 1000;
    step?.({ name: 'moved', work: label, size: total, threads: control.threads, seconds } satisfies Step);
    return result;
  } finally {
    context.signal.removeEventListener('abort', listen);
  }
}

/** The message of an interrupted copy before the signal ends it. */
export function interruptedError(done: number, planned: number, others: string): FamfsError {
  return new FamfsError('INCOMPLETE', `${done} of ${counted(planned, 'file')} copied; ${others}`, {
    hint: 'run the command again for the rest',
    details: { done, planned },
  });
}
