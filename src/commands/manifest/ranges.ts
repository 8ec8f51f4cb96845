/** Ranges in the paths of a manifest: shard-{000..999} stands for a thousand paths. */

/** most paths that the items of a manifest may stand for, together: more than a log of 512 MiB has slots */
export const MOST_PATHS = 1_000_000;
/** digits of a bound */
const RANGE = /\{(\d{1,9})\.\.(\d{1,9})\}/;

interface Range {
  readonly first: number;
  readonly count: number;
  /** digits, with leading zeros; 0 for as many as it takes */
  readonly width: number;
}

/** A range that stands for nothing, or for too much. */
export class RangeMistake extends Error {}

/** Paths that an item stands for. */
export interface PathList {
  readonly count: number;
  /** The path number `index`, from 0. */
  at(index: number): string;
}

/** A text with any number of ranges: of several, the last runs fastest. */
export class RangedText implements PathList {
  readonly count: number;
  /** in turn: text, range, text ... */
  readonly #texts: string[];
  readonly #ranges: Range[] = [];

  /** @param literal the text has no ranges, whatever it looks like. Throws RangeMistake. */
  constructor(text: string, literal = false) {
    // most items of a long manifest have none
    const parts = literal || !text.includes('{') ? [text] : text.split(RANGE);
    this.#texts = parts.filter((_, i) => i % 3 === 0);
    for (let i = 1; i < parts.length; i += 3) this.#ranges.push(rangeOf(parts[i] as string, parts[i + 1] as string));
    this.count = this.#ranges.reduce((product, { count }) => product * count, 1);
    if (this.count > MOST_PATHS)
      throw new RangeMistake(`'${text}' stands for ${this.count} paths; a manifest has at most ${MOST_PATHS}`);
  }

  /** The text number `index`, from 0. */
  at(index: number): string {
    let rest = index;
    let text = '';
    for (let i = this.#ranges.length - 1; i >= 0; i--) {
      const { first, count, width } = this.#ranges[i] as Range;
      text = String(first + (rest % count)).padStart(width, '0') + this.#texts[i + 1] + text;
      rest = Math.floor(rest / count);
    }
    return this.#texts[0] + text;
  }
}

function rangeOf(from: string, to: string): Range {
  const [first, last] = [Number(from), Number(to)];
  if (first > last) throw new RangeMistake(`the range {${from}..${to}} runs backwards`);
  const padded = [from, to].some((bound) => bound.length > 1 && bound.startsWith('0'));
  return { first, count: last - first + 1, width: padded ? Math.max(from.length, to.length) : 0 };
}

/** Whether a text has what would be read as a range. */
export function looksRanged(text: string): boolean {
  return RANGE.test(text);
}
