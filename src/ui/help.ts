import type { Command, Context, OptionSpec, OptionTable, Result, Style } from './command.js';
import { GLOBAL_OPTIONS } from './globals.js';
import { longName, longNames, takesValue, valueName, withGlobals } from './optionNames.js';
import { loadAll, type Program } from './registry.js';
import { wrapText } from './text.js';
import { exactBytes, octal } from './units.js';

/** Column where the text of a table of options begins. */
const HANGING = 26;

/** Columns that help fills: the terminal's, but no more than are read with ease. */
export function helpWidth({ terminal, stdout }: Pick<Context, 'terminal' | 'stdout'>): number {
  return terminal ? Math.min(stdout.columns || 80, 100) : 80;
}

/** The commands, in the order in which help lists them. */
export interface CommandListDocument {
  readonly commands: readonly Pick<Command, 'name' | 'group' | 'summary'>[];
}

/** The definition of a command. */
export type CommandDocument = Omit<Command, 'run'>;

/** Every command, or those of one group word (`daxdev`), under their headings. */
export async function overview(program: Program, width: number, word?: string): Promise<Result<CommandListDocument>> {
  const all = await loadAll(program.commands);
  const commands = word === undefined ? all : all.filter(({ name }) => name.startsWith(`${word} `));
  return {
    data: { commands: commands.map(({ name, group, summary }) => ({ name, group, summary })) },
    text: (style) => [
      `Usage: ${program.name} ${word ?? ''}${word ? ' ' : ''}COMMAND [OPTION]... [ARGUMENT]...`,
      ...groups(commands).flatMap(([group, members]) => [
        '',
        style.bold(group),
        ...members.flatMap(({ name, summary }) => entry(name, summary, width)),
      ]),
      '',
      style.bold('Options of every command'),
      ...optionLines(GLOBAL_OPTIONS, width),
      '',
      `'${program.name} help COMMAND' tells more about one of them.`,
    ],
  };
}

/** What --help prints for one command. */
export function commandHelp(program: Program, command: Command, width: number): Result<CommandDocument> {
  const { run: _run, ...definition } = command;
  return { data: definition, text: (style) => commandLines(program, command, width, style) };
}

/** `famfs mkfs [OPTION]... DEVICE...` */
export function synopsis(program: string, command: Command): string {
  const args = command.args.map(({ name, required, repeat }) => {
    const word = repeat ? `${name}...` : name;
    return required ? word : `[${word}]`;
  });
  return [program, command.name, '[OPTION]...', ...args].join(' ');
}

/** What the exit codes of a command mean, in ascending order. */
export function exitCodes(command: Command): [code: string, meaning: string][] {
  return Object.entries(command.exitCodes?.table ?? { 0: 'success', 1: 'failure', 2: 'wrong usage' });
}

/** How an option is written: `-s, --size SIZE`. */
export function optionForms(key: string, spec: OptionSpec): string {
  const names = longNames(key, spec).map((name) => `--${name}`);
  const all = spec.short === undefined ? names : [`-${spec.short}`, ...names];
  return takesValue(spec) ? `${all.join(', ')} ${valueName(spec)}` : all.join(', ');
}

/** What follows the summary: what is allowed, what is taken when the option is absent. */
export function optionNotes(spec: OptionSpec): string {
  const notes = [
    spec.choices && spec.value !== undefined ? spec.choices.join(', ') : undefined,
    spec.repeat ? 'may be repeated' : undefined,
    defaultNote(spec),
  ].filter((note) => note !== undefined);
  return notes.length > 0 ? ` (${notes.join('; ')})` : '';
}

function defaultNote({ type, default: value }: OptionSpec): string | undefined {
  if (value === undefined || typeof value === 'boolean') return undefined;
  return `default ${type === 'size' ? exactBytes(Number(value)) : type === 'mode' ? octal(Number(value)) : value}`;
}

function commandLines(program: Program, command: Command, width: number, style: Style): string[] {
  const section = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? ['', style.bold(title), ...lines] : [];
  return [
    `Usage: ${synopsis(program.name, command)}`,
    '',
    ...wrapText(`${sentence(command.summary)}`, width),
    ...section(
      'Arguments',
      command.args.flatMap((arg) => entry(arg.name, arg.summary, width)),
    ),
    ...section('Options', optionLines(withGlobals(command.options, GLOBAL_OPTIONS), width)),
    ...section(
      'Examples',
      command.examples.flatMap((example) => [`  ${example.command}`, `      ${example.explains}`]),
    ),
    ...section(
      'Exit codes',
      exitCodes(command).flatMap(([code, meaning]) => entry(code, meaning, width)),
    ),
    ...(command.aliases?.length ? ['', `Also called ${command.aliases.join(', ')}.`] : []),
  ];
}

function optionLines(table: OptionTable, width: number): string[] {
  return Object.entries(table).flatMap(([key, spec]) => {
    // a flag that is on unless denied is shown as what one would give
    const shown =
      spec.type === 'boolean' && spec.default === true ? `--no-${longName(key, spec)}` : optionForms(key, spec);
    return entry(shown, spec.summary + optionNotes(spec), width);
  });
}

function entry(term: string, text: string, width: number): string[] {
  const lines = wrapText(text, width - HANGING).map((line) => ' '.repeat(HANGING) + line);
  const head = `  ${term}`;
  if (head.length > HANGING - 2) return [head, ...lines];
  return [head + (lines[0] ?? '').slice(head.length), ...lines.slice(1)];
}

function groups(commands: readonly Command[]): [string, Command[]][] {
  const map = new Map<string, Command[]>();
  for (const command of commands) map.set(command.group, [...(map.get(command.group) ?? []), command]);
  return [...map];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
