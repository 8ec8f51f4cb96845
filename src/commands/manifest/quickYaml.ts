/**
 * Plain YAML as values, without places: several times faster than the parser that knows them, which is asked only about mistakes. Whatever
 * needs care (anchors, tags, block texts, deep nesting, any mistake) is left to that one, so that there is one set of rules.
 */

/**
 * marks of anchors, aliases, tags, complex keys, directives, block texts and reserved ones; tabs; several documents; lists as keys;
 * comments without the blank before them
 */
const NEEDS_CARE = /[&*!?%|>@`\t\0]|^(?:---|\.\.\.)|[}\]]\s*:|["',[\]{}]#/m;
/** a manifest has a list of mappings in a mapping, and nothing deeper */
const DEEP = /(?:[[{][\s'",]*){5}|(?:- +){3}/;
/** decimal digits of the numbers that are exact */
const INTEGER = /^[-+]?\d{1,15}$/;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
  ['~', null],
]);

/** beginnings of numbers and of these words */
const MAY_MEAN_MORE = /^[-+~\dtfn]/;

/** A plain scalar as a manifest takes it, so that 0644 keeps its digits and sizes are not rounded; null is as good as absent. */
export function plainScalar(source: string): string | number | boolean | null {
  if (source === '') return null;
  const word = WORDS.get(source);
  if (word !== undefined) return word;
  return INTEGER.test(source) ? Number(source) : source;
}

/** The values; undefined if the text must be read with more care, or is empty. */
export async function quickYaml(text: string): Promise<unknown> {
  if (NEEDS_CARE.test(text) || DEEP.test(text)) return undefined;
  const { FAILSAFE_SCHEMA, load, Type } = await import('js-yaml');
  // only plain scalars are resolved; those in quotes stay text
  const scalar = new Type('!scalar', {
    kind: 'scalar',
    resolve: (source: unknown) =>
      typeof source === 'string' && MAY_MEAN_MORE.test(source) && plainScalar(source) !== source,
    construct: (source: string) => plainScalar(source),
  });
  const doubts: unknown[] = [];
  try {
    const schema = FAILSAFE_SCHEMA.extend({ implicit: [scalar] });
    const value = load(text, { schema, onWarning: (doubt) => doubts.push(doubt) });
    return doubts.length === 0 ? withoutNull(value) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A value whose keys without a value are absent. Changes lists and mappings in place. Throws if a key may have been another text: the
 * parser resolves keys, too.
 */
function withoutNull(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = withoutNull(value[i]);
  } else if (typeof value === 'object') {
    const fields = value as Record<string, unknown>;
    for (const key of Object.keys(fields)) {
      if (MAY_MEAN_MORE.test(key) && plainScalar(key) !== key) throw new Error(`the key ${key} is no text`);
      if (fields[key] === null) delete fields[key];
      else if (typeof fields[key] === 'object') withoutNull(fields[key]);
    }
  }
  return value;
}
