import type { OptionSpec, OptionTable } from './command.js';
import { UsageError } from './errors.js';
import { longName, longNames, takesValue } from './optionNames.js';

/**
 * Writes short options out as long ones, as getopt reads them: `-lR` is `--long --recursive`, `-s1G` is `--size=1G`.
 * (yargs-parser would read -s1G as three flags and -l5 as `--no-l`.) Groups with an unknown letter stay as they are.
 * @throws UsageError a flag is given a value or a valued option is negated, both of which yargs-parser lets pass
 */
export function spellOut(argv: readonly string[], table: OptionTable): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const shorts = new Map(Object.entries(table).map(([key, spec]) => [spec.short, { spec, long: longName(key, spec) }]));
  const spelled = argv.slice(0, end).flatMap((word) => {
    if (word.startsWith('--')) checkLong(word, table);
    if (word.startsWith('--no-') && isName(word.slice(2), table)) return [`--${parserName(word.slice(2))}`];
    return /^-[^-]/.test(word) ? (spellGroup(word.slice(1), shorts) ?? [word]) : [word];
  });
  return [...spelled, ...argv.slice(end)];
}

/** What yargs-parser calls an option: it would take a name that begins with `no-` for another option's negation. */
export function parserName(long: string): string {
  return long.replace(/^no-/, 'no_');
}

function isName(name: string, table: OptionTable): boolean {
  return Object.entries(table).some(([key, spec]) => longNames(key, spec).includes(name));
}

type Shorts = ReadonlyMap<string | undefined, { readonly spec: OptionSpec; readonly long: string }>;

function spellGroup(letters: string, shorts: Shorts): string[] | undefined {
  const found = shorts.get(letters[0]);
  if (!found) return undefined;
  const rest = letters.slice(1);
  if (rest === '') return [`--${found.long}`];
  if (takesValue(found.spec)) return [`--${found.long}=${rest.replace(/^=/, '')}`];
  const others = spellGroup(rest, shorts);
  return others && [`--${found.long}`, ...others];
}

function checkLong(word: string, table: OptionTable): void {
  const name = word.slice(2).split('=', 1)[0] ?? '';
  for (const [key, spec] of Object.entries(table)) {
    const names = longNames(key, spec);
    if (names.includes(name) && !takesValue(spec) && word.includes('=')) {
      throw new UsageError(`option --${name} takes no value`);
    }
    if (spec.type !== 'boolean' && names.some((long) => name === `no-${long}`) && !isName(name, table)) {
      throw new UsageError(`unknown option --${name}`, `--${name.slice(3)} cannot be negated`);
    }
  }
}
