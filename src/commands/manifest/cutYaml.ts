/**
 * A long list of files in plain YAML, cut: of items that are the same text but for path and size, as programs write them, the parser gets
 * only the first. The others are that one with another path and size.
 */
import { isObject } from './plainObject.js';
import { type PlainValue, plainScalar } from './plainScalar.js';

/** the list, whose key begins a line */
const LIST = /^files:\n/m;
/** characters of values that mean nothing but themselves */
const [PLAIN, QUOTED] = [String.raw`[\w./][\w./-]*`, String.raw`[\w ./{}+=,-]*`];
const PAIR = String.raw`[A-Za-z]\w*: (?:${PLAIN}|"${QUOTED}"|'${QUOTED}')`;
/** an item alone on its lines: `- path: a` with its other keys below it, or `- {path: a, size: 2M}` */
const ITEM = new RegExp(String.raw`( *)- (?:${PAIR}\n(?:\1  ${PAIR}\n){0,30}|\{${PAIR}(?:, ${PAIR}){0,30}\}\n)`, 'y');
const VARIED = new RegExp(String.raw`\b(path|size): (?:(["'])(${QUOTED})\2|(${PLAIN}))`, 'g');
/** what may follow the list: nothing, or another key; anything else might go on with its last item */
const AFTER = /\s*$|[A-Za-z]/y;
/** items that are left, after which the rest of the list is left too: an expression is made of each */
const MOST_LEFT = 100;

/** What was cut out after an item that was left. */
interface Cut {
  /** path and size of that item; a size of undefined for those without one */
  readonly first: Row;
  /** index of that item in what is left of the list */
  readonly index: number;
  readonly rows: readonly Row[];
}

interface Row {
  readonly path: PlainValue | undefined;
  readonly size: PlainValue | undefined;
}

export interface CutYaml {
  /** the text without what was cut out */
  readonly text: string;
  readonly cuts: readonly Cut[];
}

/** Cuts the list of a manifest, if it has such items. */
export function cutYaml(text: string): CutYaml {
  const uncut = { text, cuts: [] };
  const key = LIST.exec(text);
  if (key === null) return uncut;
  let at = key.index + key[0].length;
  const left = [text.slice(0, at)];
  const cuts: Cut[] = [];
  let indent: string | undefined;
  for (let index = 0; index < MOST_LEFT; index++) {
    ITEM.lastIndex = at;
    const [item, itemIndent] = ITEM.exec(text) ?? [];
    if (item === undefined || itemIndent !== (indent ?? itemIndent)) break;
    indent = itemIndent;
    left.push(item);
    const rows = new RowReader(item);
    at = rows.read(text, at + item.length);
    if (rows.others.length > 0) cuts.push({ first: rows.first, index, rows: rows.others });
  }
  AFTER.lastIndex = at;
  if (cuts.length === 0 || !(text.startsWith(`${indent}- `, at) || AFTER.test(text))) return uncut;
  left.push(text.slice(at));
  return { text: left.join(''), cuts };
}

/** Puts back what was cut out; undefined if what is left was read as something else. */
export function putBack(value: unknown, cuts: readonly Cut[]): unknown {
  if (cuts.length === 0) return value;
  const left = isObject(value) ? value.files : undefined;
  if (!isObject(value) || !Array.isArray(left)) return undefined;
  const files: unknown[] = [];
  let begin = 0;
  for (const { first, index, rows } of cuts) {
    const model: unknown = left[index];
    if (!isObject(model) || model.path !== first.path || model.size !== first.size) return undefined;
    for (; begin <= index; begin++) files.push(left[begin]);
    for (const { path, size } of rows) files.push(size === undefined ? { ...model, path } : { ...model, path, size });
  }
  for (; begin < left.length; begin++) files.push(left[begin]);
  value.files = files;
  return value;
}

/** Reads items that are the same text as one but for path and size. */
class RowReader {
  readonly first: Row;
  readonly others: Row[] = [];
  readonly #pattern: RegExp | undefined;
  /** groups of the pattern, from 1; 0 where there is none */
  readonly #groups = { path: 0, size: 0 };
  readonly #isQuoted = { path: false, size: false };
  /** the size that was read last: mostly, the next one is the same */
  #size: { readonly source: string; readonly value: PlainValue } | undefined;

  constructor(item: string) {
    let pattern = '';
    let end = 0;
    const sources = [''];
    for (const { 0: pair, 1: key, 2: quote = '', 3: quoted, 4: plain = '', index } of item.matchAll(VARIED)) {
      pattern += `${literal(item.slice(end, index))}${key}: ${quote}(${quote === '' ? PLAIN : QUOTED})${quote}`;
      end = index + pair.length;
      this.#groups[key as 'path' | 'size'] = sources.length;
      this.#isQuoted[key as 'path' | 'size'] = quote !== '';
      sources.push(quoted ?? plain);
    }
    pattern += literal(item.slice(end));
    if (this.#groups.path > 0) this.#pattern = new RegExp(pattern, 'y');
    this.first = this.#row(sources);
  }

  /** Reads what is at `from`. Returns where it ends. */
  read(text: string, from: number): number {
    const pattern = this.#pattern;
    if (pattern === undefined) return from;
    let at = from;
    pattern.lastIndex = at;
    for (;;) {
      const sources = pattern.exec(text);
      if (sources === null) return at;
      const row = this.#row(sources);
      // such a key is as good as absent
      if (row.path === null || row.size === null) return at;
      this.others.push(row);
      at = pattern.lastIndex;
    }
  }

  #row(sources: readonly string[]): Row {
    const path = this.#value('path', sources[this.#groups.path] as string);
    if (this.#groups.size === 0) return { path, size: undefined };
    const source = sources[this.#groups.size] as string;
    if (this.#size?.source !== source) this.#size = { source, value: this.#value('size', source) };
    return { path, size: this.#size.value };
  }

  #value(key: 'path' | 'size', source: string): PlainValue {
    return this.#isQuoted[key] ? source : plainScalar(source);
  }
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
