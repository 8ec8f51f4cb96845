import type { ReportedError } from './command.js';

/** The command line is wrong: exit code 2, or the command's own `exitCodes.usage`. */
export class UsageError extends Error implements ReportedError {
  override readonly name = 'UsageError';
  readonly code = 'USAGE';
  readonly hint?: string;

  /** `message` names the option or argument and the value; `hint` names the allowed values or what to try. */
  constructor(message: string, hint?: string) {
    super(message);
    if (hint !== undefined) this.hint = hint;
  }
}

/** What `read` returns; a UsageError that it throws gets `name`, which says what has the wrong value, before its message. */
export function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${name}: ${error.message}`, error.hint) : error;
  }
}

/** The signals that stop a command, and their numbers. */
export const STOP_SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;

export type StopSignal = keyof typeof STOP_SIGNALS;

/** The reason of an aborted `context.signal`, so that `signal.throwIfAborted()` ends a command. */
export class Interrupted extends Error implements ReportedError {
  override readonly name = 'Interrupted';
  readonly code = 'INTERRUPTED';
  readonly signal: StopSignal;

  constructor(signal: StopSignal) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }

  /** What a shell calls the end of a process by this signal: 128 + its number. */
  get exitCode(): number {
    return 128 + STOP_SIGNALS[this.signal];
  }
}

/** Whether `error` is meant for a reader. Node's own ERR_ codes are not: they come from mistakes in our code. */
export function isReported(error: unknown): error is ReportedError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_');
}
