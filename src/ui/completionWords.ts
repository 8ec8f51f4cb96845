import yargs, { type Argv } from 'yargs';
import type { Command, Context, OptionTable } from './command.js';
import { declareCommands } from './commandTree.js';
import { COMPLETION_OPTION } from './getopt.js';
import { GLOBAL_OPTIONS } from './globals.js';
import { longName, longNames, shortNames, takesValue } from './optionNames.js';
import { loadAll, type Program, type WantedWord } from './registry.js';
import { wantedWord } from './wantedWord.js';

/**
 * The completions for the last of `words`; the first is the name of the program. None if any file of the host is expected. Names that the
 * shell must quote follow an empty word. Otherwise the words are those of yargs: if SHELL is zsh or fish, each has its summary after a
 * colon or a tab.
 */
export async function completionWords(
  program: Program,
  words: readonly string[],
  process: Pick<Context, 'env' | 'cwd'>,
): Promise<string[]> {
  const [called = '', ...line] = words;
  const link = program.links.find((name) => called.endsWith(`${name}.${program.name}`));
  if (link !== undefined) line.unshift(link);
  const current = line.pop() ?? '';
  const [, option, value = ''] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  const wanted = await wantedWord(program, option === undefined ? line : [...line, option], option ? value : current);
  const names = wanted && (await namesFor(program, process, wanted));
  if (names !== undefined)
    return names.length === 0 ? [] : ['', ...names.map((name) => (option ? `${option}=${name}` : name))];
  if (option === undefined) return fitting(current, await offer(program, [...line, current]));
  const values = fitting(value, await offer(program, [...line, option, value]));
  return values.map((word) => `${option}=${word}`);
}

/** Undefined if the word has choices, which yargs knows. */
async function namesFor(
  program: Program,
  process: Pick<Context, 'env' | 'cwd'>,
  wanted: WantedWord,
): Promise<string[] | undefined> {
  if (wanted.kinds.size === 0) return undefined;
  const isHostFile = wanted.kinds.size === 1 && wanted.kinds.has(undefined);
  return isHostFile ? [] : ((await program.complete?.(process, wanted)) ?? []);
}

async function offer(program: Program, words: readonly string[]): Promise<string[]> {
  const first = { ...GLOBAL_OPTIONS, ...program.leading };
  if (expectsFile(words.at(-2), first)) return [];
  const cli = yargs([], '/')
    .scriptName(program.name)
    .help(false)
    .version(false)
    .parserConfiguration({ 'camel-case-expansion': false });
  declareOptions(cli, GLOBAL_OPTIONS, true);
  declareOptions(cli, program.leading ?? {}, false);
  const commands = await loadAll(program.commands);
  declareCommands(
    cli,
    commands.map((command) => [command.name, command]),
    declareCommand,
  );
  let output = '';
  cli.parse([COMPLETION_OPTION, program.name, ...words], (_error: unknown, _argv: unknown, text: string) => {
    output = text;
  });
  return output.split('\n');
}

/** The words from yargs that continue `current`; options only if one was begun. */
function fitting(current: string, words: readonly string[]): string[] {
  // yargs offers short options with two dashes, too
  const wrong = current.startsWith('-') ? /^(?!-)|^--.(?:[:\t]|$)/ : /^-|^$/;
  return words.filter((word) => word.startsWith(current) && !wrong.test(word));
}

/** Whether `word` is an option whose value may be anything. */
function expectsFile(word: string | undefined, table: OptionTable): boolean {
  return Object.entries(table).some(
    ([key, spec]) => takesValue(spec) && !spec.choices && longNames(key, spec).some((name) => word === `--${name}`),
  );
}

function declareCommand(cli: Argv, name: readonly string[], { summary, args, options }: Command): void {
  const chosen = args.filter(({ choices }) => choices !== undefined);
  const syntax = [name.at(-1), ...chosen.map((arg) => `[${arg.name}]`)].join(' ');
  cli.command(syntax, summary, (own) => {
    for (const { name, choices = [] } of chosen) own.positional(name, { type: 'string', choices });
    return declareOptions(own, options, false);
  });
}

function declareOptions(cli: Argv, table: OptionTable, global: boolean): Argv {
  for (const [key, spec] of Object.entries(table)) {
    const [name = '', ...aliases] = offeredNames(key, spec);
    cli.option(name, {
      type: takesValue(spec) ? 'string' : 'boolean',
      nargs: takesValue(spec) ? 1 : 0,
      alias: [...aliases, ...shortNames(spec)],
      describe: spec.summary,
      global,
      ...(spec.choices && { choices: spec.choices }),
    });
  }
  return cli;
}

/** A flag that is on by default is offered in the form that turns it off. */
function offeredNames(key: string, spec: Command['options'][string]): string[] {
  return spec.default === true ? [`no-${longName(key, spec)}`] : longNames(key, spec);
}
