/** Templates for the text of many files, which the addon fills in: what is printed of each file, and of each of its rows. */
import {
  MODE_BASE,
  TEXT_HEAD,
  TEXT_OPS,
  TEXT_REGISTERS,
  TEXT_SOURCES,
  type TextPrograms,
} from '../../native/recordText.js';

/** Whose number it is, and its position among the values that are given for a file or for a row. */
type NumberSource = readonly [source: number, position: number];

/**
 * A number in decimal, in hex with 0x, in octal with a leading 0 or with four digits and more, or decimal in the largest unit
 * (K, M ...) that divides it.
 */
interface NumberPart {
  readonly source: NumberSource;
  readonly base: 8 | 10 | 16 | 1024 | typeof MODE_BASE;
  /** least number of characters; filled up with blanks in front */
  readonly width?: number;
}

/** Text as it is, or something to be filled in. */
export type Part =
  | string
  | NumberPart
  /** `path`: that of the file; `hex`: its image, two digits a byte */
  | { readonly fill: 'path' | 'hex' }
  /** its image as a hex dump after this many blanks */
  | { readonly dump: number }
  /** one text if the number is 1, the other for any other number */
  | { readonly source: NumberSource; readonly one: string; readonly other: string }
  /** repeated for each row */
  | { readonly rows: readonly Part[]; readonly between: string }
  /** a line of labels and a line for each row, in columns that are aligned to the right */
  | { readonly labels: readonly string[]; readonly cells: readonly NumberPart[]; readonly gap: string };

/** The parts of a template: parts`${PATH} has ${decimal(ofRecord(0))} bytes`. */
export function parts(texts: TemplateStringsArray, ...filled: readonly (Part | readonly Part[])[]): Part[] {
  return texts.flatMap((text, i): readonly Part[] => {
    const part = filled[i] ?? [];
    return [text, ...(isList(part) ? part : [part])];
  });
}

function isList(part: Part | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part);
}

/** Value `position` of the file. */
export function ofRecord(position: number): NumberSource {
  return [TEXT_SOURCES.record, position];
}

/** Value `position` of the row. */
export function ofRow(position: number): NumberSource {
  return [TEXT_SOURCES.row, position];
}

/** The number of the row, from 0. */
export const ROW_INDEX: NumberSource = [TEXT_SOURCES.rowIndex, 0];

export const PATH: Part = { fill: 'path' };

export function decimal(source: NumberSource, width = 0): NumberPart {
  return { source, base: 10, width };
}

export function hex(source: NumberSource): NumberPart {
  return { source, base: 16 };
}

export function octal(source: NumberSource): NumberPart {
  return { source, base: 8 };
}

/** Permission bits: 0644. */
export function permissions(source: NumberSource): NumberPart {
  return { source, base: MODE_BASE };
}

/** A count with its noun: `1 file`, `2 files`. */
export function counted(source: NumberSource, noun: string): Part[] {
  return [decimal(source), { source, one: ` ${noun}`, other: ` ${noun}s` }];
}

export function exactBytes(source: NumberSource): NumberPart {
  return { source, base: 1024 };
}

interface TemplateShape {
  /** text between two files */
  readonly between: string;
  /** how many values are given for each file */
  readonly values: number;
  /** how many values are given for each row */
  readonly rowValues: number;
}

/** Templates that take the same values, by name. */
export class TextTemplates<Name extends string> {
  readonly programs: TextPrograms;
  /** where in the programs each template begins */
  readonly starts: Readonly<Record<Name, number>>;

  constructor(templates: Readonly<Record<Name, readonly Part[]>>, { between, values, rowValues }: TemplateShape) {
    const writer = new ProgramWriter();
    const starts: Partial<Record<Name, number>> = {};
    for (const name of Object.keys(templates) as Name[]) {
      starts[name] = writer.code.length;
      writer.parts(templates[name]);
      writer.code.push(TEXT_OPS.end);
    }
    this.starts = starts as Record<Name, number>;
    this.programs = {
      code: new Uint32Array(writer.code),
      texts: Buffer.from(writer.texts, 'latin1'),
      separator: Buffer.from(between, 'latin1'),
      columns: TEXT_HEAD + values,
      rowColumns: rowValues,
    };
  }
}

/** the register for the width of a number outside tables */
const OF_ONE_NUMBER = TEXT_REGISTERS - 1;

class ProgramWriter {
  readonly code: number[] = [];
  texts = '';

  parts(parts: readonly Part[]): void {
    for (const part of parts) this.#part(part);
  }

  #part(part: Part): void {
    if (part === '') return;
    if (typeof part === 'string') this.code.push(TEXT_OPS.text, ...this.#text(part), 0);
    else if ('fill' in part) this.code.push(part.fill === 'path' ? TEXT_OPS.name : TEXT_OPS.hex);
    else if ('dump' in part) this.code.push(TEXT_OPS.dump, part.dump);
    else if ('base' in part) this.#padded(part);
    else if ('one' in part)
      this.code.push(TEXT_OPS.byNumber, ...part.source, ...this.#text(part.one), ...this.#text(part.other));
    else if ('rows' in part) this.#rows(part.between, () => this.parts(part.rows));
    else this.#table(part);
  }

  #table({ labels, cells, gap }: Extract<Part, { labels: unknown }>): void {
    if (labels.length >= OF_ONE_NUMBER) throw new RangeError(`a table of ${labels.length} columns`);
    for (const [i, { source, base }] of cells.entries())
      this.code.push(TEXT_OPS.setWidth, i + 1, (labels[i] ?? '').length, TEXT_OPS.widenBy, i + 1, ...source, base);
    this.#line(gap, labels, (label, register) => this.code.push(TEXT_OPS.text, ...this.#text(label), register));
    this.#rows('', () => this.#line(gap, cells, (cell, register) => this.#number(cell, register)));
  }

  /** A line of cells, each aligned to the register with its number. */
  #line<Cell>(gap: string, cells: readonly Cell[], write: (cell: Cell, register: number) => void): void {
    for (const [i, cell] of cells.entries()) {
      if (i > 0) this.#part(gap);
      write(cell, i + 1);
    }
    this.#part('\n');
  }

  #rows(between: string, write: () => void): void {
    this.code.push(TEXT_OPS.rows, 0, ...this.#text(between));
    const start = this.code.length;
    write();
    this.code[start - 3] = this.code.length - start;
  }

  #padded(part: NumberPart): void {
    const { width = 0 } = part;
    if (width > 0) this.code.push(TEXT_OPS.setWidth, OF_ONE_NUMBER, width);
    this.#number(part, width > 0 ? OF_ONE_NUMBER : 0);
  }

  #number({ source, base }: NumberPart, register: number): void {
    this.code.push(TEXT_OPS.number, ...source, base, register);
  }

  /** Where the text is among all texts: start and length. */
  #text(text: string): [number, number] {
    const found = this.texts.indexOf(text);
    if (found >= 0) return [found, text.length];
    this.texts += text;
    return [this.texts.length - text.length, text.length];
  }
}
