/** What the printers of columns share: they make text in memory that is used again and again. */

/** Bytes of text to make at a time: what a pipe holds. The addon adds what it has begun: a hundred records or so. */
export const MOST_TEXT = 65_536;
/** more than that can come to */
const TARGET_BYTES = 8 * MOST_TEXT;

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

/** Memory for text. Only what is used of it is ever touched. */
export function textTarget(): Buffer {
  return Buffer.allocUnsafeSlow(TARGET_BYTES);
}

/** The answers for each byte. */
export function flagsOf(isPlain: IsPlain): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(isPlain(String.fromCharCode(byte))));
}
