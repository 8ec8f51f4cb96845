/** Listings of files and directories, a section for each directory: most as text that the addon makes of many at once. */
import { lastName } from '../../format/path.js';
import type { Namespace, Node } from '../../fs/log/namespace.js';
import { type ContentRows, type Order, ROOT_ROW } from '../../fs/log/tree.js';
import { HEADING, type ManyNodes, nodePrinter, OF_NODE } from '../../fs/pool/nodeText.js';
import { decimal, PATH, permissions } from '../../fs/pool/textTemplate.js';

import type { Style } from '../../ui/command.js';
import { BETWEEN_ELEMENTS } from '../../ui/json.js';
import { PLAIN } from '../../ui/style.js';
import { isSafe, needsNoEscape } from '../../ui/text.js';
import { type NodeRow, nodeRow } from './file.js';
import { JsonParts, quoted } from './jsonParts.js';
import type { NodeLines, Traits } from './nodeLines.js';

/** Some nodes of a file system, to be listed one after the other. */
export interface NodeList {
  readonly namespace: Namespace;
  /** finds what is in directories, and nodes by their rows */
  readonly walker: {
    walkRows(directories: readonly number[], order: Order, recursive: boolean): Iterable<ContentRows>;
    node(row: number): Node;
  };
  /** nodes that come first, by themselves and with their whole paths */
  readonly named: readonly Node[];
  /** rows of directories whose contents follow */
  readonly directories: readonly number[];
  readonly order: Order;
  /** whether the contents of their subdirectories follow too */
  readonly recursive: boolean;
}

/** Rows to print at a time. */
const MANY_ROWS = 65_536;

/** What the nodes of a list have in common. */
export function traitsOf({ namespace, walker, named, directories, recursive }: NodeList): Traits[] {
  const found = new Map<string, Traits>();
  const keep = ({ kind, mode, uid, gid }: Traits) => {
    const key = `${kind} ${mode} ${uid} ${gid}`;
    if (!found.has(key)) found.set(key, { kind, mode, uid, gid });
  };
  named.forEach(keep);
  // in whichever order: to sort by name costs as much as the rest
  for (const { rows } of walker.walkRows(directories, 'newest', recursive))
    for (const { directory, ...traits } of namespace.traitsOf(rows))
      keep({ kind: directory ? 'directory' : 'file', ...traits });
  return [...found.values()];
}

/** Whether a list has several sections. */
export function hasSeveralSections(list: NodeList): boolean {
  let count = list.named.length > 0 ? 1 : 0;
  for (const _ of contentsOf(list)) if (++count > 1) return true;
  return false;
}

/** Rows for the nodes, or elements of a JSON array for many of them. */
export function* nodeElements(list: NodeList): Generator<NodeRow | Uint8Array> {
  const print = nodePrinter(list.namespace, manyNodeElements());
  for (const node of list.named) yield nodeRow(node);
  const batch = new RowBatch();
  for (const { rows } of contentsOf(list)) for (const some of batch.add(rows)) yield* elements(some);
  for (const some of batch.take()) yield* elements(some);

  function* elements(rows: Uint32Array): Generator<NodeRow | Uint8Array> {
    for (const piece of print(rows)) yield piece instanceof Uint8Array ? piece : nodeRow(list.walker.node(piece));
  }
}

/**
 * The lines of the nodes, with an empty line between two sections.
 * @param headed whether the path of a directory stands before its contents
 */
export function* nodeLines(
  list: NodeList,
  headed: boolean,
  { line, templates }: NodeLines,
  style: Style,
): Generator<string | Uint8Array> {
  const { namespace, walker, named } = list;
  const fast = style === PLAIN && templates.length > 0;
  const print = fast ? nodePrinter(namespace, { templates, between: '', whole: false, isPlain: isSafe }) : undefined;
  for (const node of named) yield line(node, node.path, style);
  const batch = new RowBatch();
  let first = named.length === 0;
  for (const { directory, rows } of contentsOf(list)) {
    // the root has no row to print
    if (first || directory === ROOT_ROW) {
      for (const some of batch.take()) yield* linesOf(some);
      if (!first) yield '';
      if (headed) yield headingOf(directory);
      for (const some of batch.add(rows)) yield* linesOf(some);
    } else for (const some of batch.add(rows, directory + HEADING)) yield* linesOf(some);
    first = false;
  }
  for (const some of batch.take()) yield* linesOf(some);

  function* linesOf(rows: Uint32Array): Generator<string | Uint8Array> {
    for (const piece of print === undefined ? rows : print(rows)) {
      if (piece instanceof Uint8Array) yield piece;
      else if (piece < HEADING) yield lineOf(walker.node(piece));
      else {
        yield '';
        yield headingOf(piece - HEADING);
      }
    }
  }

  function lineOf(node: Node): string {
    return line(node, lastName(node.path), style);
  }

  function headingOf(directory: number): string {
    return `/${namespace.pathOf(directory)}:`;
  }
}

/** Gathers the rows of consecutive directories: a call that prints many is worth several threads. */
class RowBatch {
  readonly #rows = new Uint32Array(MANY_ROWS);
  #count = 0;

  /** Adds rows, with one before them if it is given. Yields those that must be printed first. */
  *add(rows: Uint32Array, before?: number): Generator<Uint32Array> {
    const more = rows.length + (before === undefined ? 0 : 1);
    if (this.#count + more > MANY_ROWS) yield* this.take();
    if (before !== undefined) this.#rows[this.#count++] = before;
    if (more > MANY_ROWS) {
      yield* this.take();
      yield rows;
      return;
    }
    this.#rows.set(rows, this.#count);
    this.#count += rows.length;
  }

  /** Yields what was not yielded before. It is valid until more is added. */
  *take(): Generator<Uint32Array> {
    if (this.#count > 0) yield this.#rows.subarray(0, this.#count);
    this.#count = 0;
  }
}

function contentsOf({ walker, directories, order, recursive }: NodeList): Iterable<ContentRows> {
  return walker.walkRows(directories, order, recursive);
}

/** As elements of a JSON array, as nodeRow has them. */
function manyNodeElements(): ManyNodes {
  const element = (type: string) =>
    new JsonParts().object([
      ['path', quoted(PATH)],
      ['type', `"${type}"`],
      ['size', decimal(OF_NODE.size)],
      ['mode', quoted(permissions(OF_NODE.mode))],
      ['uid', decimal(OF_NODE.uid)],
      ['gid', decimal(OF_NODE.gid)],
      ['slot', decimal(OF_NODE.slot)],
    ]);
  return {
    templates: [
      { directory: false, parts: element('file') },
      { directory: true, parts: element('directory') },
    ],
    between: BETWEEN_ELEMENTS,
    whole: true,
    isPlain: needsNoEscape,
  };
}
