import { escapeJson } from './text.js';

/** between two elements of a listing that is a field of a document, one a line */
export const BETWEEN_ELEMENTS = ',\n    ';
/** the indentation of such an element */
export const ELEMENT_INDENT = '    ';

/** A listing whose elements are written as those of an array are, each on several lines. */
export class Indented<T> implements Iterable<T> {
  readonly #elements: Iterable<T>;

  constructor(elements: Iterable<T>) {
    this.#elements = elements;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#elements[Symbol.iterator]();
  }
}

/**
 * The pieces of a JSON document, indented by two spaces. An iterable that is no array becomes an array whose elements
 * are written one a line as they are drawn, so that a long listing is never in memory; a Uint8Array among them is the text of
 * one or more elements, with BETWEEN_ELEMENTS between. A bigint is written as a number.
 */
export function* jsonPieces(value: unknown, indent = ''): Generator<string | Uint8Array> {
  if (Array.isArray(value) || value instanceof Indented) {
    yield* enclose('[', ']', indent, items(value, indent));
  } else if (isIterable(value)) {
    yield* enclose('[', ']', indent, elements(value));
  } else if (isRecord(value)) {
    yield* enclose('{', '}', indent, fields(value, indent));
  } else {
    yield primitive(value);
  }
}

/** One value on one line, without spaces. */
export function compactJson(value: unknown): string {
  return isPlain(value) ? primitive(value) : composed(value);
}

/** Whether JSON.stringify, which is many times faster, writes a value exactly as this module does. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'bigint') return false;
  if (typeof value !== 'object' || value === null) return true;
  return (Array.isArray(value) || !isIterable(value)) && Object.values(value).every(isPlain);
}

function composed(value: unknown): string {
  if (isIterable(value)) return `[${Array.from(value, compactJson).join()}]`;
  if (!isRecord(value)) return primitive(value);
  return `{${known(value).map(([key, inner]) => `${primitive(key)}:${compactJson(inner)}`)}}`;
}

type Parts = Generator<readonly [head: string, pieces: Iterable<string | Uint8Array>]>;

function* enclose(open: string, close: string, indent: string, parts: Parts): Generator<string | Uint8Array> {
  let before = `${open}\n`;
  for (const [head, pieces] of parts) {
    yield `${before}${indent}  ${head}`;
    yield* pieces;
    before = ',\n';
  }
  yield before === ',\n' ? `\n${indent}${close}` : open + close;
}

function* items(values: Iterable<unknown>, indent: string): Parts {
  for (const value of values) yield ['', value instanceof Uint8Array ? [value] : jsonPieces(value, `${indent}  `)];
}

function* elements(values: Iterable<unknown>): Parts {
  for (const value of values) yield ['', [value instanceof Uint8Array ? value : compactJson(value)]];
}

function* fields(record: object, indent: string): Parts {
  for (const [key, value] of known(record)) yield [`${primitive(key)}: `, jsonPieces(value, `${indent}  `)];
}

/** JSON has no word for undefined: such fields are left out, as JSON.stringify does. */
function known(record: object): [string, unknown][] {
  return Object.entries(record).filter(([, value]) => value !== undefined);
}

/** Anything that JSON.stringify knows, and a bigint. */
function primitive(value: unknown): string {
  return typeof value === 'bigint' ? value.toString() : escapeJson(JSON.stringify(value) ?? 'null');
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !('toJSON' in value);
}
