import { addon } from './addon.js';
import { type AppliedBlock, NUMBERS_PER_APPLIED, NUMBERS_PER_EXTENT } from './logTable.js';

/** Instructions of the programs by which the addon prints records; cpp/record_text.h describes them. */
export const TEXT_OPS = {
  end: 0,
  text: 1,
  name: 2,
  number: 3,
  setWidth: 4,
  widenBy: 5,
  rows: 6,
  dump: 7,
  hex: 8,
  byNumber: 9,
} as const;

/** Where a program finds a number: in the record, in the row that is printed, or the index of that row. */
export const TEXT_SOURCES = { record: 0, row: 1, rowIndex: 2 } as const;

/** Registers for widths; 0 stands for none. */
export const TEXT_REGISTERS = 16;

/** The base that stands for octal with four digits or more, as modes are written; others are 8, 10, 16 and 1024. */
export const MODE_BASE = 7777;

/** Numbers that come before those of the caller in each record. */
export const TEXT_HEAD = 7;

/** Records to print, and the programs that do. */
export interface TextRecords {
  /** all programs, one after the other */
  readonly code: Uint32Array;
  /** the texts that they print */
  readonly texts: Uint8Array;
  /** `columns` numbers for each record: start of its program, start and end of its name and image, first row, rows, then others */
  readonly numbers: Float64Array;
  readonly columns: number;
  /** `rowColumns` numbers for each row */
  readonly rows: Float64Array;
  readonly rowColumns: number;
  readonly names: Uint8Array;
  readonly images: Uint8Array;
  /** between two records */
  readonly separator: Uint8Array;
}

/** Programs, without records to print. */
export type TextPrograms = Omit<TextRecords, 'numbers' | 'rows' | 'names' | 'images'>;

const NO_BYTES = new Uint8Array();
const LEAST_NUMBERS = 32_768;

/** Gathers records and prints them together. Their numbers are whole, from -(2^53-1) to 2^53-1. */
export class RecordText {
  readonly #programs: TextPrograms;
  // not arrays, whose numbers would be garbage after each block
  #numbers = new Float64Array(LEAST_NUMBERS);
  #numberCount = 0;
  #rows = new Float64Array(LEAST_NUMBERS);
  #rowNumberCount = 0;
  #images = new Uint8Array();
  #imageBytes = 0;

  constructor(programs: TextPrograms) {
    this.#programs = programs;
  }

  /** Adds a record that the program at `program` prints. Its name is bytes [nameStart, nameEnd) of those that `take` gets. */
  add(
    program: number,
    nameStart: number,
    nameEnd: number,
    values: readonly number[],
    rows: readonly number[],
    image: Uint8Array = NO_BYTES,
  ): void {
    const { rowColumns } = this.#programs;
    const imageStart = this.#imageBytes;
    this.#addImage(image);
    this.#numbers = withRoom(this.#numbers, this.#numberCount + TEXT_HEAD + values.length);
    const numbers = this.#numbers;
    let at = this.#numberCount;
    numbers[at++] = program;
    numbers[at++] = nameStart;
    numbers[at++] = nameEnd;
    numbers[at++] = imageStart;
    numbers[at++] = this.#imageBytes;
    numbers[at++] = this.#rowNumberCount / rowColumns;
    numbers[at++] = rows.length / rowColumns;
    for (let i = 0; i < values.length; i++) numbers[at++] = values[i] as number;
    this.#numberCount = at;
    this.#rows = withRoom(this.#rows, this.#rowNumberCount + rows.length);
    for (let i = 0; i < rows.length; i++) this.#rows[this.#rowNumberCount++] = rows[i] as number;
  }

  #addImage(image: Uint8Array): void {
    if (image.length === 0) return;
    const end = this.#imageBytes + image.length;
    if (end > this.#images.length) {
      const larger = new Uint8Array(2 * end);
      larger.set(this.#images);
      this.#images = larger;
    }
    this.#images.set(image, this.#imageBytes);
    this.#imageBytes = end;
  }

  /** The text of the records that were added since the last call. */
  take(names: Uint8Array): Buffer {
    const { code, texts, separator, columns, rowColumns } = this.#programs;
    const numbers = this.#numbers.subarray(0, this.#numberCount);
    const rows = this.#rows.subarray(0, this.#rowNumberCount);
    const images = this.#images.subarray(0, this.#imageBytes);
    this.#numberCount = this.#rowNumberCount = this.#imageBytes = 0;
    return addon().recordText({ code, texts, separator, columns, rowColumns, numbers, rows, names, images });
  }
}

/** Bytes of text to make at a time: what a pipe holds, and what memory is reused for. */
const MOST_TEXT = 65_536;
const PASS_OVER = 0xffffffff;
const STOPPED_AT_OTHER = 2;

/** Prints log entries straight from their columns. */
export class EntryText {
  /** values of each record and row: the numbers of an AppliedBlock, then bytes allocated, slack, and bytes of a stripe or 0 */
  static readonly SHAPE = { values: NUMBERS_PER_APPLIED + 3, rowValues: NUMBERS_PER_EXTENT };

  readonly #programs: TextPrograms;
  readonly #starts: Uint32Array;
  readonly #plain = new Uint8Array(256);
  readonly #place = new Float64Array(4);

  /**
   * @param starts where in the programs those for each kind of entry begin; kinds without one are passed over
   * @param isPlain whether a path that has this character can be printed
   */
  constructor(
    programs: TextPrograms,
    { directory, simple, interleaved }: { directory?: number | undefined; simple: number; interleaved: number },
    isPlain: (char: string) => boolean,
  ) {
    this.#programs = programs;
    this.#starts = Uint32Array.of(directory ?? PASS_OVER, simple, interleaved);
    for (let byte = 0; byte < this.#plain.length; byte++)
      this.#plain[byte] = Number(isPlain(String.fromCharCode(byte)));
  }

  /**
   * Prints entries from a place on, up to element `end` of the numbers or until there is enough text. `stopped`: the entry at the
   * place that is returned is not printable.
   */
  print(
    block: AppliedBlock,
    { numbers, path, extents }: { readonly numbers: number; readonly path: number; readonly extents: number },
    end: number,
  ): { text: Buffer; place: { numbers: number; path: number; extents: number }; stopped: boolean } {
    const at = this.#place;
    at.set([numbers, path, extents]);
    const text = addon().entryText(this.#programs, this.#starts, this.#plain, block, at, end, MOST_TEXT);
    const place = { numbers: at[0] as number, path: at[1] as number, extents: at[2] as number };
    return { text, place, stopped: at[3] === STOPPED_AT_OTHER };
  }
}

function withRoom(numbers: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (length <= numbers.length) return numbers;
  const larger = new Float64Array(2 * length);
  larger.set(numbers);
  return larger;
}
