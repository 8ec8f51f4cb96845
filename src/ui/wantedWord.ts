import type { ArgumentSpec, Completes, OptionTable } from './command.js';
import { spellLeading, spellOut } from './getopt.js';
import { GLOBAL_OPTIONS } from './globals.js';
import { longNames, takesValue } from './optionNames.js';
import { findCommand, loadCandidates, type Program, type WantedWord } from './registry.js';

/**
 * What the word after `line`, of which there is `current`, may name: the value of an option, or an operand of a command. Undefined if it is
 * the name of a command or an option, has choices, or if there is an unknown option before it.
 */
export async function wantedWord(
  program: Program,
  line: readonly string[],
  current: string,
): Promise<WantedWord | undefined> {
  try {
    return await find(program, line, current);
  } catch {
    return undefined;
  }
}

async function find(program: Program, line: readonly string[], current: string): Promise<WantedWord | undefined> {
  const first = { ...GLOBAL_OPTIONS, ...program.leading };
  const leading = spellLeading(line, first);
  const words = line.slice(leading.count);
  const atStart = valueKinds(leading.spelled, first);
  if (words.length === 0) return atStart && { kinds: atStart, current, dev: devOf(leading.spelled) };
  const found = findCommand(await loadCandidates(program, words), words);
  if (found === undefined) return undefined;
  const { command, count } = found;
  const table = { ...GLOBAL_OPTIONS, ...command.options };
  const spelled = spellOut(words.slice(count), table);
  const dev = [...devOf(leading.spelled), ...devOf(spelled)];
  const kinds = valueKinds(spelled, table) ?? operandKinds(command.args, spelled, current);
  return kinds && { kinds, current, dev };
}

/** The kinds of the value that the last of `spelled` still needs; undefined if it needs none, or has choices. */
function valueKinds(spelled: readonly string[], table: OptionTable): WantedWord['kinds'] | undefined {
  const last = spelled.includes('--') ? undefined : spelled.at(-1);
  const found = Object.entries(table).find(
    ([key, spec]) => takesValue(spec) && longNames(key, spec).some((name) => last === `--${name}`),
  )?.[1];
  if (found === undefined) return undefined;
  return new Set<Completes | undefined>(found.choices ? [] : [found.completes]);
}

function operandKinds(
  args: readonly ArgumentSpec[],
  spelled: readonly string[],
  current: string,
): WantedWord['kinds'] | undefined {
  const end = spelled.indexOf('--');
  if (end < 0 && current.startsWith('-')) return undefined;
  const before = end < 0 ? spelled : spelled.slice(0, end);
  const index = before.filter((word) => !/^-./s.test(word)).length + (end < 0 ? 0 : spelled.length - end - 1);
  const possible = argumentsAt(args, index);
  if (possible.length === 0 || possible.some(({ choices }) => choices)) return undefined;
  return new Set(possible.map(({ completes }) => completes));
}

/** What the operand of an index may be: where one may repeat, itself or one after it. */
function argumentsAt(args: readonly ArgumentSpec[], index: number): ArgumentSpec[] {
  const repeated = args.findIndex(({ repeat }) => repeat);
  return args.filter((_, at) => (repeated < 0 || index <= repeated || at < repeated ? at === index : at <= index));
}

/** The values of --dev, which say what file system is meant. */
function devOf(spelled: readonly string[]): string[] {
  return spelled.filter((word) => word.startsWith('--dev=')).map((word) => word.slice('--dev='.length));
}
