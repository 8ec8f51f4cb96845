import { styleText } from 'node:util';
import { isReported } from './errors.js';
import { compactJson } from './json.js';
import { escapeText } from './text.js';

export interface ReportOptions {
  /** `famfs creat`: the prefix of a line */
  readonly label: string;
  /** name of the command, if it is known */
  readonly command: string | undefined;
  readonly json: boolean;
  /** colour the prefix of a line */
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

/** Further fields name the object of an error: `path`, `device`, `daxdev`, `deviceOffset`, `errno` ... */
export interface ErrorObject {
  /** symbolic and stable: NO_SPACE */
  readonly code: string;
  readonly message: string;
  /** what to do next */
  readonly hint?: string;
  /** the command that failed; absent if the command line names none */
  readonly command?: string;
  /** the errors that led to it, nearest first */
  readonly causes?: readonly { readonly code?: string; readonly message: string }[];
  /** of an internal error, if requested */
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

/** The text of an error for stderr, with its newline: a line, or in JSON mode an object on a line. */
export function reportError(error: unknown, options: ReportOptions): string {
  if (options.json) return `${compactJson({ error: errorObject(error, options) })}\n`;
  const stack = options.debug && !isReported(error) ? stackLines(error) : [];
  const line = `${paint('red', `${options.label}:`, options)} ${escapeText(errorLine(error, options))}`;
  return [line, ...stack.map(escapeText)].map((text) => `${text}\n`).join('');
}

/** The text of a warning for stderr. */
export function reportWarning(code: string, message: string, options: ReportOptions): string {
  if (options.json) return `${compactJson({ warning: { code, message, command: options.command } })}\n`;
  return `${escapeText(options.label)}: ${paint('yellow', 'warning:', options)} ${escapeText(message)}\n`;
}

/** The text of a step of the work for stderr. */
export function reportStep(step: object, text: string, options: ReportOptions): string {
  if (options.json) return `${compactJson({ step })}\n`;
  return `${escapeText(options.label)}: ${escapeText(text)}\n`;
}

/** Standard error decides about colour, and styleText would not ask that. */
function paint(colour: 'red' | 'yellow', text: string, options: ReportOptions): string {
  const safe = escapeText(text);
  return options.colour ? styleText(colour, safe, { validateStream: false }) : safe;
}

function errorLine(error: unknown, { debugVariable }: ReportOptions): string {
  const reasons = [error, ...causes(error)].map(messageOf);
  // a cause that the message already quotes is not repeated
  const told = reasons.filter((reason, index) => !reasons.slice(0, index).some((before) => before.includes(reason)));
  const line = told.join(': ');
  if (isReported(error)) return error.hint === undefined ? line : `${line}; ${error.hint}`;
  return `internal error: ${line}; this is a bug, please report it with the output of ${debugVariable}=1`;
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

/** Further fields of a system error or one of ours: path, syscall, errno, offset. */
function ownFields(error: object | undefined): object {
  const usual = ['name', 'message', 'cause', 'stack', 'details'];
  return Object.fromEntries(Object.entries(error ?? {}).filter(([key]) => !usual.includes(key)));
}

/** The causes of an error, nearest first. The limit is for a circular chain. */
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
