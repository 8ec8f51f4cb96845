/** What the printers of columns share: they make text on several threads, in memory that is used again and again. */
import { defaultThreads } from './threads.js';

/** Memory for text: enough for each of several threads to have some, and little enough to stay in a cache. */
const TARGET_BYTES = 4 << 20;
/** Records to print after one that no program can print: others may follow soon. */
const FEWEST = 64;
/** Records to print at a time. */
const MOST = 65_536;

/** The value of TextStop in cpp/record_text.h for what no program can print. */
export const STOPPED_AT_OTHER = 2;

/** Whether records whose name has this character can be printed by a program. */
export type IsPlain = (char: string) => boolean;

/** Some text, and where what it is of ends. */
export interface Printed<Place> {
  /** valid until more is printed */
  readonly text: Buffer;
  readonly place: Place;
  /** what is at the place cannot be printed by a program */
  readonly stopped: boolean;
}

/**
 * What a printer of columns prints with. What threads print after a record that no program can print is lost, so a listing with many of
 * these is printed a few records at a time.
 */
export class TextPress {
  readonly threads = defaultThreads();
  /** Only what is used of it is ever touched. */
  readonly target = Buffer.allocUnsafeSlow(TARGET_BYTES);
  #records = MOST;

  /** How many records to print next. */
  get records(): number {
    return this.#records;
  }

  /** What was printed into the target: so many bytes, up to a place, where it stopped for a reason of TextStop. */
  printed<Place>(bytes: number, place: Place, stop: number | undefined): Printed<Place> {
    const stopped = stop === STOPPED_AT_OTHER;
    this.#records = stopped ? FEWEST : Math.min(2 * this.#records, MOST);
    return { text: this.target.subarray(0, bytes), place, stopped };
  }
}

/** The answers for each byte. */
export function flagsOf(isPlain: IsPlain): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(isPlain(String.fromCharCode(byte))));
}
