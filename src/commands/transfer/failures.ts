/** Failures of parts of a transfer, which do not end the rest. */
import type { Context, ReportedError } from '../../ui/command.js';

/** A failed file, as the document lists it. */
export interface FailedFile {
  /** the file that the error is about: of this host or of the file system, as in the message */
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** Collects failures, and delays their messages while progress is shown. */
export class Failures {
  readonly #errors: ReportedError[] = [];
  #reported = 0;

  readonly add = (error: ReportedError): void => {
    this.#errors.push(error);
  };

  /** Prints those that were not printed yet. */
  report(context: Context): void {
    for (; this.#reported < this.#errors.length; this.#reported++)
      context.failed(this.#errors[this.#reported] as ReportedError);
  }

  /** In the order in which they were added. */
  get files(): FailedFile[] {
    return this.#errors.map(({ code, message, details }) => ({ path: String(details?.path ?? ''), code, message }));
  }

  /** of the command: 1 when there was a failure */
  get exitCode(): number {
    return this.#errors.length > 0 ? 1 : 0;
  }
}
