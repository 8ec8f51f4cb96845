import { addon } from './addon.js';
import { flagsOf, type IsPlain, type Printed, TextPress } from './columnText.js';
import { type AppliedBlock, NUMBERS_PER_APPLIED, NUMBERS_PER_EXTENT } from './logTable.js';
import type { TextPrograms } from './recordText.js';

const PASS_OVER = 0xffffffff;

/** Where the columns of an entry begin, in elements. */
interface EntryPlace {
  readonly numbers: number;
  readonly path: number;
  readonly extents: number;
}

/** Prints log entries straight from their columns. */
export class EntryText {
  /** values of each record and row: the numbers of an AppliedBlock, then bytes allocated, slack, and bytes of a stripe or 0 */
  static readonly SHAPE = { values: NUMBERS_PER_APPLIED + 3, rowValues: NUMBERS_PER_EXTENT };

  readonly #programs: TextPrograms;
  readonly #starts: Uint32Array;
  readonly #plain: Uint8Array;
  readonly #place = new Float64Array(4);
  readonly #press = new TextPress();

  /** @param starts where in the programs those for each kind of entry begin; kinds without one are passed over */
  constructor(
    programs: TextPrograms,
    { directory, simple, interleaved }: { directory?: number | undefined; simple: number; interleaved: number },
    isPlain: IsPlain,
  ) {
    this.#programs = programs;
    this.#starts = Uint32Array.of(directory ?? PASS_OVER, simple, interleaved);
    this.#plain = flagsOf(isPlain);
  }

  /** Prints entries from a place on, up to element `end` of the numbers or until there is enough text. */
  print(block: AppliedBlock, { numbers, path, extents }: EntryPlace, end: number): Printed<EntryPlace> {
    const at = this.#place;
    at.set([numbers, path, extents]);
    const { records, threads, target } = this.#press;
    const until = Math.min(end, numbers + records * NUMBERS_PER_APPLIED);
    const bytes = addon().entryText(this.#programs, this.#starts, this.#plain, block, at, until, threads, target);
    const place = { numbers: at[0] as number, path: at[1] as number, extents: at[2] as number };
    return this.#press.printed(bytes, place, at[3]);
  }
}
