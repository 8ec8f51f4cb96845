import type { OptionSpec, OptionTable } from './command.js';
import { named, UsageError } from './errors.js';
import { longName, takesValue } from './optionNames.js';
import { parseValue } from './values.js';

/** The values of a table of options, by key; undefined for an option with neither a value nor a default. */
export type ValuesByKey = Readonly<Record<string, unknown>>;

/**
 * What a command gets for what yargs has read: `read` has the texts of options by long name, in an array where an option
 * was given several times.
 * @throws UsageError a bad value, or a second one
 */
export function optionValues(read: Readonly<Record<string, unknown>>, table: OptionTable): ValuesByKey {
  const entries = Object.entries(table).map(([key, spec]) => {
    const name = longName(key, spec);
    return [key, takesValue(spec) ? valueFrom(name, spec, read[name]) : (read[name] ?? spec.default)];
  });
  return Object.fromEntries(entries);
}

function valueFrom(name: string, spec: OptionSpec, read: unknown): unknown {
  const texts = read === undefined ? [] : [read].flat().map(String);
  if (spec.repeat) return texts.map((text) => namedValue(name, spec, text));
  if (texts.length > 1) throw new UsageError(`option --${name} is given twice`, `'${texts[0]}' and '${texts[1]}'`);
  return texts[0] === undefined ? spec.default : namedValue(name, spec, texts[0]);
}

function namedValue(name: string, spec: OptionSpec, text: string): string | number {
  return named(`option --${name}`, () => parseValue(spec, text));
}
