/**
 * Plain YAML as values, without places: several times faster than the parser that knows them, which is asked only about mistakes. Whatever
 * needs care (anchors, tags, block texts, deep nesting, any mistake) is left to that one, so that there is one set of rules.
 */
import { cutYaml, putBack } from './cutYaml.js';
import { MAY_MEAN_MORE, plainScalar } from './plainScalar.js';

/**
 * marks of anchors, aliases, tags, complex keys, directives, block texts and reserved ones; tabs; several documents; lists as keys;
 * comments without the blank before them
 */
const NEEDS_CARE = /[&*!?%|>@`\t\0]|^(?:---|\.\.\.)|[}\]]\s*:|["',[\]{}]#/m;
/** a manifest has a list of mappings in a mapping, and nothing deeper */
const DEEP = /(?:[[{][\s'",]*){5}|(?:- +){3}/;

/** The values; undefined if the text must be read with more care, or is empty. */
export async function quickYaml(text: string): Promise<unknown> {
  const { text: left, cuts } = cutYaml(text);
  if (NEEDS_CARE.test(left) || DEEP.test(left)) return undefined;
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
    const value = load(left, { schema, onWarning: (doubt) => doubts.push(doubt) });
    return doubts.length === 0 ? putBack(withoutNull(value), cuts) : undefined;
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
