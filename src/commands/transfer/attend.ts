/** What the commands that move bulk data share: threads, progress, Ctrl-C, and failures that do not end the rest. */
import { type Attendant, defaultThreads } from '../../fs/transfer/bulkWork.js';
import type { Context, ReportedError } from '../../ui/command.js';
import { withProgress } from '../../ui/progress.js';

export const threadOptions = {
  threads: {
    type: 'integer',
    value: 'N',
    min: 1,
    max: 256,
    summary: 'threads that move data',
    details: 'The default is one for each processor, at most 16: memory is saturated by then.',
  },
} as const;

/** What is to be shown while it is done. */
export interface Shown {
  readonly label: string;
  /** bytes */
  readonly total: number;
  /** undefined for as many as help */
  readonly threads: number | undefined;
  /** show nothing: the terminal is needed for something else */
  readonly hidden?: boolean;
}

/**
 * Does bulk work with progress on the terminal. It listens for Ctrl-C until the work has ended, which the work does soon
 * after the signal is aborted.
 */
export async function attended<T>(
  context: Context,
  { label, total, threads, hidden = false }: Shown,
  work: (attendant: Attendant) => Promise<T>,
): Promise<T> {
  // a command that does not listen is ended by force; between two files nobody else does
  const listen = () => {};
  context.signal.addEventListener('abort', listen);
  try {
    const { stderr, json } = context;
    return await withProgress({ stderr, json, quiet: context.quiet || hidden }, label, total, (advance) =>
      work({ threads: threads ?? defaultThreads(), signal: context.signal, advance }),
    );
  } finally {
    context.signal.removeEventListener('abort', listen);
  }
}

/** Failures of parts of the work, held back while progress is shown. */
export class Failures {
  readonly #errors: ReportedError[] = [];
  count = 0;

  readonly add = (error: ReportedError): void => {
    this.#errors.push(error);
    this.count++;
  };

  /** Reports those that were not reported yet. */
  report(context: Context): void {
    for (const error of this.#errors.splice(0)) context.failed(error);
  }

  /** of the command: 1 when there was one */
  get exitCode(): number {
    return this.count > 0 ? 1 : 0;
  }
}
