import type { ArgumentSpec, Command, OptionSpec } from '../src/ui/command.js';
import { GLOBAL_OPTIONS } from '../src/ui/globals.js';
import { exitCodes } from '../src/ui/help.js';
import { longName, longNames, optionNotes, shortNames, takesValue, valueName } from '../src/ui/optionNames.js';
import type { Program } from '../src/ui/registry.js';
import { released } from '../src/version.js';
import { definitions, paragraphs, prose, word } from './mdoc.js';

/** `famfs-daxdev-list` */
export function pageName(program: Program, command: Command): string {
  return [program.name, ...command.name.split(' ')].join('-');
}

/** The manual page of a command. */
export function commandPage(program: Program, command: Command): string {
  const name = pageName(program, command);
  const options = Object.entries(command.options);
  return page([
    ...title(program, name, command.summary),
    '.Sh SYNOPSIS',
    `.Nm ${program.name} ${command.name}`,
    '.Op Ar option ...',
    ...command.args.map(synopsisOf),
    '.Sh DESCRIPTION',
    ...paragraphs(command.details),
    ...argumentList(command.args),
    ...(options.length > 0 ? ['.Sh OPTIONS', ...definitions(options.map(optionEntry))] : []),
    ...(options.length > 0 ? ['.Pp'] : ['.Sh OPTIONS']),
    `The options of every command, ${globalNames()}, are described in`,
    `.Xr ${program.name} 1 .`,
    '.Sh EXIT STATUS',
    ...definitions(exitCodes(command).map(([code, meaning]) => [code, [prose(meaning)]])),
    ...examples(command),
    '.Sh SEE ALSO',
    ...references([
      program.name,
      ...(command.seeAlso ?? []).map((other) => [program.name, ...other.split(' ')].join('-')),
    ]),
  ]);
}

/** The page of a command that is also a program of its own: mkfs.famfs(8). */
export function linkPage(program: Program, command: Command): string {
  const link = `${command.name}.${program.name}`;
  return commandPage(program, command)
    .replace(/^\.Dt .*$/m, `.Dt ${link.toUpperCase()} 8`)
    .replace(/^\.Nm .*$/gm, `.Nm ${link}`);
}

/** The manual page of the program; `parts` are its hand-written sections, in mdoc. */
export function programPage(program: Program, commands: readonly Command[], parts: ProgramParts): string {
  const headings = [...new Set(commands.map((command) => command.group))];
  return page([
    ...title(program, program.name, parts.summary),
    '.Sh SYNOPSIS',
    `.Nm ${program.name}`,
    '.Ar command',
    '.Op Ar option ...',
    '.Op Ar argument ...',
    '.Sh DESCRIPTION',
    ...parts.description,
    '.Sh COMMANDS',
    ...headings.flatMap((group) => [
      `.Ss ${prose(group)}`,
      ...definitions(
        commands.filter((command) => command.group === group).map((command) => commandEntry(program, command)),
      ),
    ]),
    '.Sh OPTIONS',
    'Every command has these options.',
    ...definitions(Object.entries(GLOBAL_OPTIONS).map(optionEntry)),
    ...parts.closing,
    '.Sh SEE ALSO',
    ...references(commands.map((command) => pageName(program, command))),
  ]);
}

export interface ProgramParts {
  readonly summary: string;
  readonly description: readonly string[];
  readonly closing: readonly string[];
}

function title(program: Program, name: string, summary: string): string[] {
  return [
    '.\\" Written by npm run man from the definitions of the commands: change those.',
    `.Dd ${released}`,
    `.Dt ${name.toUpperCase()} 1`,
    `.Os ${program.name} ${program.version}`,
    '.Sh NAME',
    `.Nm ${name}`,
    `.Nd ${prose(summary)}`,
  ];
}

function synopsisOf({ name, required, repeat }: ArgumentSpec): string {
  const argument = `Ar ${word(name)}${repeat ? ' ...' : ''}`;
  return required ? `.${argument}` : `.Op ${argument}`;
}

function argumentList(args: readonly ArgumentSpec[]): string[] {
  if (args.length === 0) return [];
  return [
    '.Pp',
    'The arguments are:',
    ...definitions(args.map(({ name, summary }) => [`Ar ${word(name)}`, [prose(summary)]])),
  ];
}

function optionEntry([key, spec]: readonly [string, OptionSpec]): [string, string[]] {
  const longs = longNames(key, spec).map((name) => `-${spec.default === true ? `no-${name}` : name}`);
  const names = [...shortNames(spec), ...longs];
  const flags = names.map((name) => `Fl ${prose(name)}`).join(' , ');
  const term = takesValue(spec) ? `${flags} Ar ${word(valueName(spec))}` : flags;
  const text = prose(`${capital(spec.summary)}${optionNotes(spec)}.`);
  return [term, [text, ...(spec.details === undefined ? [] : paragraphs([spec.details]))]];
}

function commandEntry(program: Program, command: Command): [string, string[]] {
  return [`Cm ${command.name}`, [`${prose(capital(command.summary))}; see`, `.Xr ${pageName(program, command)} 1 .`]];
}

function examples(command: Command): string[] {
  if (command.examples.length === 0) return [];
  const shown = command.examples.flatMap((example, index) => [
    ...(index > 0 ? ['.Pp'] : []),
    `${prose(capital(example.explains))}:`,
    '.Bd -literal -offset indent',
    prose(example.command),
    '.Ed',
  ]);
  return ['.Sh EXAMPLES', ...shown];
}

function references(names: readonly string[]): string[] {
  const sorted = [...new Set(names)].sort();
  return sorted.map((name, index) => `.Xr ${name} 1${index < sorted.length - 1 ? ' ,' : ''}`);
}

function globalNames(): string {
  const names = Object.entries(GLOBAL_OPTIONS).map(([key, spec]) => prose(`--${longName(key, spec)}`));
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
