import Parser, { type Options } from 'yargs-parser';
import type { ArgumentSpec, OptionSpec, OptionTable } from './command.js';
import { UsageError } from './errors.js';
import { longName, longNames, takesValue } from './optionNames.js';
import { parserName, spellOut } from './shortOptions.js';
import { nearest } from './suggest.js';
import { parseValue } from './values.js';

export interface Parsed {
  readonly args: readonly string[];
  /** by key of the table; options that were not given have their default, or undefined */
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Reads the words after a command's name against its table of options.
 * @throws UsageError an unknown option, a missing, bad or second value
 */
export function parseOptions(argv: readonly string[], table: OptionTable): Parsed {
  const { argv: raw, error } = Parser.detailed(spellOut(argv, table), parserOptions(table));
  const unknown = raw._.find((word) => /^-./.test(String(word)));
  if (unknown !== undefined) throw unknownOption(String(unknown), table);
  if (error) throw new UsageError(error.message);
  const entries = Object.entries(table).map(([key, spec]) => [
    key,
    optionValue(key, spec, raw[parserName(longName(key, spec))]),
  ]);
  return { args: [...raw._, ...(raw['--'] ?? [])].map(String), options: Object.fromEntries(entries) };
}

/** @throws UsageError too few or too many arguments for `specs` */
export function checkArguments(args: readonly string[], specs: readonly ArgumentSpec[]): void {
  const missing = specs.filter((spec) => spec.required)[args.length];
  if (missing) throw new UsageError(`argument ${missing.name} is missing`, missing.summary);
  const most = specs.some((spec) => spec.repeat) ? Number.POSITIVE_INFINITY : specs.length;
  if (args.length <= most) return;
  const takes = most === 0 ? 'no arguments' : specs.map((spec) => spec.name).join(' ');
  throw new UsageError(`unexpected argument '${args[most]}'`, `the command takes ${takes}`);
}

function parserOptions(table: OptionTable): Options {
  const rows = Object.entries(table).map(([key, spec]) => ({ spec, name: parserName(longName(key, spec)) }));
  const named = (wanted: (spec: OptionSpec) => boolean) =>
    rows.filter((row) => wanted(row.spec)).map((row) => row.name);
  const booleans = named((spec) => spec.type === 'boolean');
  const valued = named(takesValue);
  return {
    boolean: booleans,
    count: named((spec) => spec.type === 'count'),
    string: valued,
    // 0 for a boolean: else `--json true` would take a file called true for its value
    narg: Object.fromEntries([...booleans.map((name) => [name, 0]), ...valued.map((name) => [name, 1])]),
    // the name itself must not be among its aliases: strip-aliased would take it away
    alias: Object.fromEntries(rows.map(({ spec, name }) => [name, [...(spec.aliases ?? [])]])),
    // the one message that can come up, as spellOut has refused values given to flags
    __: (_format: string, name: string) => `option --${name} needs a value`,
    configuration: {
      'boolean-negation': true,
      'camel-case-expansion': false,
      'dot-notation': false,
      'flatten-duplicate-arrays': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
      'strip-aliased': true,
      'unknown-options-as-args': true,
    },
  } as Options;
}

function optionValue(key: string, spec: OptionSpec, raw: unknown): unknown {
  if (!takesValue(spec)) return raw ?? spec.default;
  const name = longName(key, spec);
  const texts = raw === undefined ? [] : [raw].flat().map(String);
  if (spec.repeat) return texts.map((text) => namedValue(name, spec, text));
  if (texts.length > 1) throw new UsageError(`option --${name} is given twice`, `'${texts[0]}' and '${texts[1]}'`);
  return texts[0] === undefined ? spec.default : namedValue(name, spec, texts[0]);
}

function namedValue(name: string, spec: OptionSpec, text: string): string | number {
  try {
    return parseValue(spec, text);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`option --${name}: ${error.message}`, error.hint) : error;
  }
}

function unknownOption(word: string, table: OptionTable): UsageError {
  const given = word.split('=', 1)[0] ?? word;
  const known = Object.entries(table).flatMap(([key, spec]) => longNames(key, spec));
  const near = given.startsWith('--') ? nearest(given.slice(2), known) : undefined;
  return new UsageError(
    `unknown option ${given}`,
    near ? `did you mean --${near}?` : `--help lists the options; a name that begins with '-' goes after --`,
  );
}
