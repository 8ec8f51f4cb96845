/** What a plain scalar of YAML means in a manifest: one rule for all that read YAML. */

/** null: nothing */
export type PlainValue = string | number | boolean | null;

/** decimal digits of the numbers that are exact */
const INTEGER = /^[-+]?\d{1,15}$/;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
  ['~', null],
]);

/** beginnings of numbers and of these words */
export const MAY_MEAN_MORE = /^[-+~\dtfn]/;

/** A plain scalar as a manifest takes it, so that 0644 keeps its digits and sizes are not rounded; null is as good as absent. */
export function plainScalar(source: string): PlainValue {
  if (source === '') return null;
  const word = WORDS.get(source);
  if (word !== undefined) return word;
  return INTEGER.test(source) ? Number(source) : source;
}
