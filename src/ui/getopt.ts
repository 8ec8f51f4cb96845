/**
 * What users of GNU tools expect of a command line and yargs does not give. Words go through here on their way to yargs,
 * which does the rest:
 *
 * - `-lR` is `-l -R`, and `-s1G` is `-s 1G`, by whether an option takes a value. (yargs reads `-s1G` as three flags, and
 *   `-l5` as `-l 5`.)
 * - `--no-fsync` denies `--fsync`, unless an option is itself called `--no-fsync`. (yargs denies with every `no-`.)
 * - A value may begin with a dash where it is joined to its option (`--name=-l`), is a number, or is the dash alone.
 * - `-5`, `---`, `--_` and the word that asks yargs for completions are unknown options. (yargs has uses for them.)
 */
import type { OptionSpec, OptionTable } from './command.js';
import { UsageError } from './errors.js';
import { longName, longNames, shortNames, takesValue } from './optionNames.js';
import { nearest } from './suggest.js';

const WHOLE = /^-?\d+$/;

/** Options that users of other tools give, as written, and what to do instead. */
type AbsentOptions = Readonly<Record<string, string>>;

/** How yargs finds the name of a flag that is denied; no option's own name begins so. */
export const NEGATION_PREFIX = 'no:';

/** The first word of a command line that asks yargs for completions; the words of the line to complete follow it. */
export const COMPLETION_OPTION = '--get-yargs-completions';

/**
 * Options written out in full: `--long`, `--size=1G`, `--no:fsync`. Arguments, and all from `--` on, are left as they are.
 * @param absent what to say of some options that are not in the table
 * @throws UsageError an unknown short option
 */
export function spellOut(argv: readonly string[], table: OptionTable, absent: AbsentOptions = {}): string[] {
  const spelled: string[] = [];
  let at = 0;
  for (;;) {
    at = spellOptions(argv, at, table, spelled, absent);
    if (at === argv.length || argv[at] === '--') return spelled.concat(argv.slice(at));
    spelled.push(argv[at++]!);
  }
}

/**
 * The options before the first argument, written out in full, and the number of words they are.
 * @throws UsageError an option that is not in the table: whether a value follows it is not known
 */
export function spellLeading(argv: readonly string[], table: OptionTable): { spelled: string[]; count: number } {
  const spelled: string[] = [];
  const count = spellOptions(argv, 0, table, spelled);
  const error = unknownOption(spelled, table);
  if (error !== undefined) throw error;
  return { spelled, count };
}

/** The error for the first of `spelled` that matches no option of the table. */
export function unknownOption(spelled: readonly string[], table: OptionTable): UsageError | undefined {
  for (const word of spelled) {
    if (word === '--') return undefined;
    const name = nameOf(word);
    if (isOption(word) && !name.startsWith(NEGATION_PREFIX) && !specOf(name, table)) return unknown(`--${name}`, table);
  }
  return undefined;
}

/** Appends the options at `start` to `spelled`; returns where the first argument is. */
function spellOptions(
  argv: readonly string[],
  start: number,
  table: OptionTable,
  spelled: string[],
  absent: AbsentOptions = {},
): number {
  let at = start;
  for (let word = argv[at]; isOption(word); word = argv[++at]) {
    const options = word.startsWith('--')
      ? [spellLong(word, table, absent)]
      : spellGroup(word, word.slice(1), table, absent);
    const last = options.at(-1) as string;
    const spec = specOf(last.slice(2), table);
    const value = argv[at + 1];
    const follows = isValue(value) && (spec?.bare === undefined || WHOLE.test(value as string));
    if (spec && takesValue(spec) && follows) {
      options[options.length - 1] = `${last}=${value}`;
      at += 1;
    } else if (spec?.bare !== undefined) options[options.length - 1] = `${last}=${spec.bare}`;
    spelled.push(...options);
  }
  return at;
}

function spellLong(word: string, table: OptionTable, absent: AbsentOptions): string {
  const name = nameOf(word);
  if (Object.hasOwn(absent, `--${name}`) && !specOf(name, table)) throw absentError(`--${name}`, absent);
  // `--_=x` and `--$0=x` would change what yargs keeps there
  if (!/^[a-z][\w-]*$/i.test(name) || `--${name}` === COMPLETION_OPTION) throw unknown(word, table);
  if (!word.startsWith('--no-') || specOf(name, table) || word.includes('=')) return word;
  return specOf(name.slice(3), table)?.type === 'boolean' ? `--${NEGATION_PREFIX}${name.slice(3)}` : word;
}

/** `letters` of `word`, as long options. */
function spellGroup(word: string, letters: string, table: OptionTable, absent: AbsentOptions): string[] {
  const [key, spec] = Object.entries(table).find((entry) => shortNames(entry[1]).includes(letters[0] as string)) ?? [];
  const given = `-${letters[0]}`;
  if ((key === undefined || spec === undefined) && Object.hasOwn(absent, given)) throw absentError(given, absent);
  if (key === undefined || spec === undefined) throw unknown(word, table);
  const name = `--${longName(key, spec)}`;
  const rest = letters.slice(1);
  if (rest === '') return [name];
  return takesValue(spec) ? [`${name}=${rest.replace(/^=/, '')}`] : [name, ...spellGroup(word, rest, table, absent)];
}

function absentError(given: string, absent: AbsentOptions): UsageError {
  return new UsageError(`there is no option ${given}`, absent[given]);
}

function isOption(word: string | undefined): word is string {
  return word !== undefined && word !== '--' && /^-./s.test(word);
}

function isValue(word: string | undefined): boolean {
  return word !== undefined && (!isOption(word) || /^-[\d.]+$/.test(word)) && word !== '--';
}

function nameOf(word: string): string {
  return word.slice(2).split('=', 1)[0] ?? '';
}

function specOf(name: string, table: OptionTable): OptionSpec | undefined {
  return Object.entries(table).find(([key, spec]) => longNames(key, spec).includes(name))?.[1];
}

function unknown(word: string, table: OptionTable): UsageError {
  const message = `unknown option ${word}`;
  if (!word.startsWith('--')) {
    const hint =
      word === '-h' ? '--help prints help' : `--help lists the options; a name that begins with '-' goes after --`;
    return new UsageError(message, hint);
  }
  const name = nameOf(word);
  if (name.startsWith('no-') && specOf(name.slice(3), table))
    return new UsageError(message, `--${name.slice(3)} cannot be negated`);
  const near = nearest(
    name,
    Object.entries(table).flatMap(([key, spec]) => longNames(key, spec)),
  );
  return new UsageError(
    message,
    near ? `did you mean --${near}?` : `--help lists the options; a name that begins with '-' goes after --`,
  );
}
