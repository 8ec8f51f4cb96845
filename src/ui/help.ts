import yargs, { type Argv } from 'yargs';
import type { Command, Context, OptionSpec, OptionTable, Result, Style } from './command.js';
import { GLOBAL_OPTIONS } from './globals.js';
import { longName, longNames, optionNotes, shortNames, takesValue, valueName } from './optionNames.js';
import { loadAll, type Program } from './registry.js';

/** Columns that help fills: the width of the terminal, up to a limit for easy reading. */
export function helpWidth({ terminal, stdout }: Pick<Context, 'terminal' | 'stdout'>): number {
  return terminal ? Math.min(stdout.columns || 80, 100) : 80;
}

/** The commands, in the order in which help lists them. */
export interface CommandListDocument {
  readonly commands: readonly Pick<Command, 'name' | 'group' | 'summary'>[];
}

/** The definition of a command. */
export type CommandDocument = Omit<Command, 'run'>;

/** The list of commands under their headings; of all, or of a group (`daxdev`). */
export async function overview(program: Program, width: number, group?: string): Promise<Result<CommandListDocument>> {
  const all = await loadAll(program.commands);
  const commands = group === undefined ? all : all.filter(({ name }) => name.startsWith(`${group} `));
  const words = [program.name, ...(group === undefined ? [] : [group]), 'COMMAND', '[OPTION]...', '[ARGUMENT]...'];
  const sections = [`Usage: ${words.join(' ')}`];
  for (const heading of new Set(commands.map((command) => command.group))) {
    const cli = newHelp(program, width).updateStrings({ 'Commands:': `${heading}:` });
    for (const { name, summary, group: of } of commands) if (of === heading) cli.command(name, summary);
    sections.push(await cli.getHelp());
  }
  const options = declareOptions(newHelp(program, width), GLOBAL_OPTIONS).updateStrings({
    'Options:': 'Options of every command:',
  });
  sections.push(await options.getHelp(), `'${program.name} help COMMAND' explains a command.`);
  return {
    data: { commands: commands.map(({ name, group: of, summary }) => ({ name, group: of, summary })) },
    text: (style) => styled(sections.join('\n\n'), style),
  };
}

/** What --help prints for one command. */
export async function commandHelp(program: Program, command: Command, width: number): Promise<Result<CommandDocument>> {
  const { run: _run, ...definition } = command;
  const cli = newHelp(program, width).usage(
    `Usage: ${synopsis(program.name, command)}\n\n${sentence(command.summary)}`,
  );
  for (const { name, summary } of command.args) cli.positional(name, { describe: summary });
  declareOptions(cli, { ...command.options, ...GLOBAL_OPTIONS });
  for (const { command: line, explains } of command.examples) cli.example(`# ${explains}`, '').example(line, '');
  const codes = exitCodes(command).map(([code, meaning]) => `  ${code}  \t${meaning}`);
  cli.epilogue(['Exit codes:', ...codes].join('\n'));
  if (command.aliases?.length) cli.epilogue(`\nAlso called ${command.aliases.join(', ')}.`);
  const help = await cli.getHelp();
  return { data: definition, text: (style) => styled(help, style) };
}

/** `famfs mkfs [OPTION]... DEVICE...` */
export function synopsis(program: string, command: Command): string {
  const args = command.args.map(({ name, required, repeat }) => {
    const word = repeat ? `${name}...` : name;
    return required ? word : `[${word}]`;
  });
  return [program, command.name, '[OPTION]...', ...args].join(' ');
}

/** The meanings of a command's exit codes, in ascending order. */
export function exitCodes(command: Command): [code: string, meaning: string][] {
  return Object.entries(command.exitCodes?.table ?? { 0: 'success', 1: 'failure', 2: 'wrong usage' });
}

/** A yargs that renders help and reads nothing. */
function newHelp({ name }: Program, width: number): Argv {
  const cli = yargs([], '/')
    .scriptName(name)
    .usage(null as never)
    .help(false)
    .version(false)
    .exitProcess(false)
    .wrap(width)
    .updateStrings({ 'Positionals:': 'Arguments:', 'Options:': 'Options:' });
  // its types do not know of this yet
  return (cli as Argv & { usageConfiguration(shown: object): Argv }).usageConfiguration({ 'hide-types': true });
}

/** Options as written, with the names of their values, which yargs has no place for. */
function declareOptions(cli: Argv, table: OptionTable): Argv {
  for (const [key, spec] of Object.entries(table)) {
    const [first = '', ...others] = writtenNames(key, spec);
    const alias = [...shortNames(spec), ...others];
    // yargs writes a digit with one dash if it is a flag
    cli.option(first, { alias, type: 'boolean', describe: spec.summary + optionNotes(spec) });
  }
  return cli;
}

/** A flag that is on by default is shown in the form that turns it off. */
function writtenNames(key: string, spec: OptionSpec): string[] {
  if (spec.type === 'boolean' && spec.default === true) return [`no-${longName(key, spec)}`];
  const names = longNames(key, spec);
  return takesValue(spec) ? [...names.slice(0, -1), `${names.at(-1)} ${valueName(spec)}`] : names;
}

function styled(help: string, style: Style): string[] {
  return help.split('\n').map((line) => (/^[A-Z].*:$/.test(line) ? style.bold(line) : line));
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
