import { addon } from './addon.js';

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

function withRoom(numbers: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (length <= numbers.length) return numbers;
  const larger = new Float64Array(2 * length);
  larger.set(numbers);
  return larger;
}
