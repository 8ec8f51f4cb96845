import type { ErrorCode } from './errorTable.js';

export type { ErrorCode, WarningCode } from './errorTable.js';

/** A function where the advice takes work: most errors of many devices are never shown. */
type Hint = string | undefined | (() => string | undefined);

/** An operation on a famfs was refused or failed. `hint` says what to do next. */
export class FamfsError extends Error {
  /** symbolic and stable; errorTable.ts says what each means */
  readonly code: ErrorCode;
  #hint: Hint;
  readonly details?: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    extra: { hint?: Hint; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = 'FamfsError';
    this.code = code;
    this.#hint = extra.hint;
    if (extra.details !== undefined) this.details = extra.details;
  }

  /** what to do next */
  get hint(): string | undefined {
    if (typeof this.#hint === 'function') this.#hint = this.#hint();
    return this.#hint;
  }

  /** The error as an object of JSON, with the fields that `famfs --json` prints: its details, code, message and hint. */
  toJSON(): Record<string, unknown> {
    const { code, message, hint } = this;
    return { ...this.details, code, message, ...(hint !== undefined && { hint }) };
  }

  /** The same error for a caller who knows more: with another message or hint, and with these details too. */
  with(change: { message?: string; hint?: string; details?: Record<string, unknown> }): FamfsError {
    const { code, message, details, cause } = this;
    const hint = change.hint ?? (() => this.hint);
    return new FamfsError(code, change.message ?? message, { hint, details: { ...details, ...change.details }, cause });
  }
}
