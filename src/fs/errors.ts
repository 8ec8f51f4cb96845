/** An operation on a famfs was refused or failed. `code` is symbolic and stable; `hint` says what to do next. */
export class FamfsError extends Error {
  readonly code: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    extra: { hint?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = 'FamfsError';
    this.code = code;
    if (extra.hint !== undefined) this.hint = extra.hint;
    if (extra.details !== undefined) this.details = extra.details;
  }
}
