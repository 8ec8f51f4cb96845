/** What the printers of columns share: they make text on several threads, in memory that is used again and again. */
import { availableParallelism } from 'node:os';

/** Memory for text: enough for each of several threads to have some, and little enough to stay in a cache. */
const TARGET_BYTES = 4 << 20;
/** more threads would only wait for memory */
const MOST_THREADS = 16;
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

/** Threads that print together. */
export function textThreads(): number {
  return Math.min(availableParallelism(), MOST_THREADS);
}

/**
 * How many records to print at a time. What threads print after one that no program can print is lost, so a listing with many of these
 * is printed a few records at a time.
 */
export class TextPace {
  #records = MOST;

  get records(): number {
    return this.#records;
  }

  /** @param stopped whether the last were stopped by one that no program can print */
  note(stopped: boolean): void {
    this.#records = stopped ? FEWEST : Math.min(2 * this.#records, MOST);
  }
}

/** Memory for text. Only what is used of it is ever touched. */
export function textTarget(): Buffer {
  return Buffer.allocUnsafeSlow(TARGET_BYTES);
}

/** The answers for each byte. */
export function flagsOf(isPlain: IsPlain): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(isPlain(String.fromCharCode(byte))));
}
