import type { NativeLogTable } from './addon.js';
import { flagsOf, type IsPlain, type Printed, TextPress } from './columnText.js';
import type { TextPrograms } from './recordText.js';

/** the number that stands for a trait that is absent */
const ANY = -1;

/** Which nodes a program prints; all that are of a kind, a mode and so on that is absent. */
export interface NodeForm {
  readonly directory: boolean;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** whether the whole path is printed, not only the name after its last slash */
  readonly whole: boolean;
  /** where in the programs the one for it begins */
  readonly start: number;
  /** whether it prints rows that HEADING is added to, and no others; false if it is absent */
  readonly heading?: boolean;
}

/** Added to the row of a directory that heads what is in it. */
export const HEADING = 2 ** 31;

/** Prints nodes straight from a LogTable. */
export class NodeText {
  /** values of each record: size, mode, uid, gid, log slot */
  static readonly SHAPE = { values: 5, rowValues: 1 };

  readonly #table: NativeLogTable;
  readonly #programs: TextPrograms;
  readonly #forms: Float64Array;
  readonly #plain: Uint8Array;
  readonly #place = new Uint32Array(2);
  readonly #press = new TextPress();

  /** @param forms the first that a node fits prints it */
  constructor(table: NativeLogTable, programs: TextPrograms, forms: readonly NodeForm[], isPlain: IsPlain) {
    this.#table = table;
    this.#programs = programs;
    this.#forms = Float64Array.from(
      forms.flatMap(({ directory, mode = ANY, uid = ANY, gid = ANY, whole, start, heading = false }) => {
        return [Number(directory), mode, uid, gid, Number(whole), start, Number(heading)];
      }),
    );
    this.#plain = flagsOf(isPlain);
  }

  /** Prints the nodes of rows from element `from` on until there is enough text. */
  print(rows: Uint32Array, from: number): Printed<number> {
    const at = this.#place;
    at[0] = from;
    const { records, threads, target } = this.#press;
    const until = Math.min(rows.length, from + records);
    const bytes = this.#table.nodeText(this.#programs, this.#forms, this.#plain, rows, at, until, threads, target);
    return this.#press.printed(bytes, at[0], at[1]);
  }
}
