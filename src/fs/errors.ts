import type { ErrorCode } from './errorTable.js';

export type { ErrorCode, WarningCode } from './errorTable.js';

/** An operation on a famfs was refused or failed. `hint` says what to do next. */
export class FamfsError extends Error {
  /** symbolic and stable; errorTable.ts says what each means */
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    extra: { hint?: string | undefined; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = 'FamfsError';
    this.code = code;
    if (extra.hint !== undefined) this.hint = extra.hint;
    if (extra.details !== undefined) this.details = extra.details;
  }

  /** The same error for a caller who knows more: with another message or hint, and with these details too. */
  with(change: { message?: string; hint?: string; details?: Record<string, unknown> }): FamfsError {
    const { code, message, hint, details, cause } = this;
    const all = { ...details, ...change.details };
    return new FamfsError(code, change.message ?? message, { hint: change.hint ?? hint, details: all, cause });
  }
}
