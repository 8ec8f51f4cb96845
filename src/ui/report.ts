import { styleText } from 'node:util';
import { isReported } from './errors.js';
import { compactJson } from './json.js';
import { escapeText } from './text.js';

export interface ReportOptions {
  /** `famfs creat`: what a line begins with */
  readonly label: string;
  /** name of the command, if it got that far */
  readonly command: string | undefined;
  readonly json: boolean;
  /** colour what a line begins with */
  readonly colour: boolean;
  /** a bug is printed with its stack */
  readonly debug: boolean;
  /** the environment variable that makes `debug` true */
  readonly debugVariable: string;
}

/** An error on standard error, on a line of its own. */
export interface ErrorLine {
  readonly error: ErrorObject;
}

/** Beside these fields, what an error is about: `path`, `device`, `daxdev`, `deviceOffset`, `errno` ... */
export interface ErrorObject {
  /** symbolic and stable: NO_SPACE */
  readonly code: string;
  readonly message: string;
  /** what to do next */
  readonly hint?: string;
  /** the command that failed; absent where the command line names none */
  readonly command?: string;
  /** what led to it, nearest first */
  readonly causes?: readonly { readonly code?: string; readonly message: string }[];
  /** of an internal error, where that was asked for */
  readonly stack?: readonly string[];
  readonly [detail: string]: unknown;
}

/** A warning on standard error, on a line of its own. */
export interface WarningLine {
  readonly warning: {
    /** symbolic and stable: SMALL_DEVICE */
    readonly code: string;
    readonly message: string;
    /** the command that warns */
    readonly command?: string;
  };
}

/** The text for stderr, newline included, that tells of an error: a line, or in JSON mode an object on a line. */
export function reportError(error: unknown, options: ReportOptions): string {
  if (options.json) return `${compactJson({ error: errorObject(error, options) })}\n`;
  const stack = options.debug && !isReported(error) ? stackLines(error) : [];
  const line = `${paint('red', `${options.label}:`, options)} ${escapeText(errorLine(error, options))}`;
  return [line, ...stack.map(escapeText)].map((text) => `${text}\n`).join('');
}

/** The text for stderr that tells of a warning. */
export function reportWarning(code: string, message: string, options: ReportOptions): string {
  if (options.json) return `${compactJson({ warning: { code, message, command: options.command } })}\n`;
  return `${escapeText(options.label)}: ${paint('yellow', 'warning:', options)} ${escapeText(message)}\n`;
}

/** Whether it is wanted was decided with the standard error in mind, which styleText would not ask. */
function paint(colour: 'red' | 'yellow', text: string, options: ReportOptions): string {
  const safe = escapeText(text);
  return options.colour ? styleText(colour, safe, { validateStream: false }) : safe;
}

function errorLine(error: unknown, { debugVariable }: ReportOptions): string {
  const reasons = [error, ...causes(error)].map(messageOf);
  // a cause that the message quotes already is not said twice
  const told = reasons.filter((reason, index) => !reasons.slice(0, index).some((before) => before.includes(reason)));
  const line = told.join(': ');
  if (isReported(error)) return error.hint === undefined ? line : `${line}; ${error.hint}`;
  return `internal error: ${line}; this is a bug, please report it with what ${debugVariable}=1 adds to this message`;
}

function errorObject(error: unknown, options: ReportOptions): object {
  const chain = causes(error).map((cause) => ({ code: codeOf(cause), message: messageOf(cause) }));
  const reported = isReported(error) ? error : undefined;
  return {
    ...ownFields(reported),
    ...reported?.details,
    code: reported?.code ?? 'INTERNAL',
    message: messageOf(error),
    hint: reported?.hint,
    command: options.command,
    causes: chain.length > 0 ? chain : undefined,
    stack: options.debug && !reported ? stackLines(error) : undefined,
  };
}

/** What a system error or one of ours carries besides the usual: path, syscall, errno, offset. */
function ownFields(error: object | undefined): object {
  const usual = ['name', 'message', 'cause', 'stack', 'details'];
  return Object.fromEntries(Object.entries(error ?? {}).filter(([key]) => !usual.includes(key)));
}

/** What led to an error, nearest first. The limit is for a chain that bites its tail. */
function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  let cause = causeOf(error);
  while (cause !== undefined && chain.length < 10) {
    chain.push(cause);
    cause = causeOf(cause);
  }
  return chain;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function codeOf(error: unknown): string | undefined {
  return isReported(error) ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

function stackLines(error: unknown): string[] {
  return error instanceof Error ? (error.stack ?? '').split('\n') : [];
}
