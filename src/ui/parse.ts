import yargs, { type Arguments, type Argv } from 'yargs';
import type { Command, OptionTable } from './command.js';
import { argumentError, commandError, refuseEmpty } from './commandErrors.js';
import { declareCommands } from './commandTree.js';
import { UsageError } from './errors.js';
import { NEGATION_PREFIX, spellOut, unknownOption } from './getopt.js';
import { GLOBAL_OPTIONS, type GlobalValues } from './globals.js';
import { longName, takesValue, withoutDefaults } from './optionNames.js';
import { optionValues, type ValuesByKey } from './optionValues.js';
import { findCommand, isGroup, namesOf, type Program } from './registry.js';

/** The request on a command line. A global option that was not given is undefined, whatever its default is. */
export type Request = { readonly globals: GlobalValues } & (
  | { readonly asks: 'run'; readonly command: Command; readonly args: readonly string[]; readonly options: ValuesByKey }
  | { readonly asks: 'help'; readonly command: Command }
  /** the list of commands, or of the commands of a group */
  | { readonly asks: 'overview'; readonly group: string | undefined }
  | { readonly asks: 'version' }
);

const GLOBALS = withoutDefaults(GLOBAL_OPTIONS);

const CONFIGURATION = {
  'camel-case-expansion': false,
  'dot-notation': false,
  'flatten-duplicate-arrays': false,
  'greedy-arrays': false,
  'negation-prefix': NEGATION_PREFIX,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'populate--': true,
};

/** yargs' messages in our words. For all other errors we have more to say. */
const MESSAGES = {
  'Not enough arguments following: %s': 'option --%s needs a value',
  'Argument unexpected for: %s': 'option --%s takes no value',
};

/**
 * Reads a command line: `leading` are the options before the command's name, written out in full, and `words` what follows
 * them. `commands` are those that the words may name.
 * @throws UsageError an unknown command or option, a missing, bad or second value, too few or too many arguments
 */
export function parse(
  program: Program,
  commands: readonly Command[],
  leading: readonly string[],
  words: readonly string[],
): Request {
  const { command, count = 0 } = findCommand(commands, words) ?? {};
  const table = { ...command?.options, ...GLOBALS };
  const line = [...leading, ...words.slice(0, count), ...spellOut(words.slice(count), table, command?.absentOptions)];
  const errorOf = (message: string, argv: Arguments): UsageError => {
    if (message.startsWith('option ')) return new UsageError(message);
    if (!command) return commandError(program, commands, words);
    return unknownOption(line, table) ?? argumentError(argumentsOf(argv, count), command.args);
  };
  const cli = newCli(program);
  cli.middleware((argv) => answerEarly(argv, commands, command), true);
  cli.fail((message) => {
    throw errorOf(message, (cli.parsed as unknown as { readonly argv: Arguments }).argv);
  });
  const named = commands.flatMap((one) => namesOf(one).map((name) => [name, one] as const));
  declareCommands(cli, named, declareCommand);
  try {
    cli.parseSync(line);
  } catch (thrown) {
    if (thrown instanceof Answer) return thrown.request;
    throw thrown;
  }
  // yargs accepts `famfs -- ls`
  throw commandError(program, commands, words);
}

/** Carries a request out of yargs. If a handler returned, yargs would render the help of its command on every run, for nobody. */
class Answer extends Error {
  readonly request: Request;

  constructor(request: Request) {
    super(request.asks);
    this.request = request;
  }
}

function newCli({ name, leading = {} }: Program): Argv {
  // a folder is given, because yargs would otherwise ask for the working directory, which may be gone
  const cli = yargs([], '/')
    .scriptName(name)
    .help(false)
    .version(false)
    .exitProcess(false)
    .parserConfiguration(CONFIGURATION)
    .updateStrings(MESSAGES)
    .demandCommand(1)
    .strictCommands()
    .strictOptions();
  declareOptions(cli, GLOBALS, true);
  return declareOptions(cli, leading, false);
}

function declareCommand(cli: Argv, name: readonly string[], command: Command): void {
  const { args, options } = command;
  const required = args.filter((arg) => arg.required).length;
  const most = args.some((arg) => arg.repeat) ? Number.POSITIVE_INFINITY : args.length;
  cli.command(
    name.at(-1) as string,
    command.summary,
    (own) => declareOptions(own, options, false).strictCommands(false).demandCommand(required, most),
    (argv) => {
      const words = argumentsOf(argv, name.length);
      refuseEmpty(words, args);
      throw new Answer({
        asks: 'run',
        command,
        args: words,
        options: optionValues(argv, options),
        globals: globalsOf(argv),
      });
    },
  );
}

/** Answers --help and --version before anything is found to be wrong. */
function answerEarly(argv: Arguments, commands: readonly Command[], command: Command | undefined): void {
  if (argv.version) throw new Answer({ asks: 'version', globals: globalsOf(argv) });
  if (!argv.help) return;
  if (command) throw new Answer({ asks: 'help', command, globals: globalsOf(argv) });
  const [group, member] = argv._.map(String);
  if (group === undefined || (isGroup(commands, group) && member === undefined)) {
    throw new Answer({ asks: 'overview', group, globals: globalsOf(argv) });
  }
}

/** `global`: for the commands too, and not only before their names. */
function declareOptions(cli: Argv, table: OptionTable, global: boolean): Argv {
  for (const [key, spec] of Object.entries(table)) {
    const type = takesValue(spec) ? 'string' : (spec.type as 'boolean' | 'count');
    const nargs = takesValue(spec) ? 1 : 0;
    cli.option(longName(key, spec), { type, nargs, alias: spec.aliases ?? [], global });
  }
  return cli;
}

/** The arguments of a command whose name has that many words. */
function argumentsOf(argv: Arguments, count: number): string[] {
  return [...argv._.slice(count), ...((argv['--'] as string[] | undefined) ?? [])].map(String);
}

function globalsOf(argv: Arguments): GlobalValues {
  return optionValues(argv, GLOBALS) as GlobalValues;
}
