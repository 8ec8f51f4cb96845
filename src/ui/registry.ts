import type { Command, Context } from './command.js';
import { UsageError } from './errors.js';
import type { GlobalValues } from './globals.js';
import { nearest } from './suggest.js';

/** Where each command is found, by name. The only list of commands; a module is loaded when it is needed. */
export type Registry = Readonly<Record<string, () => Promise<{ readonly command: Command }>>>;

export interface Program {
  readonly name: string;
  readonly version: string;
  /** commands that are also programs of their own: `mkfs` as `mkfs.NAME` */
  readonly links: readonly string[];
  readonly commands: Registry;
  /** what global options are that the command line does not give, as the host's or user's configuration has it */
  readonly globalDefaults?: (face: Pick<Context, 'env' | 'cwd'>) => Partial<GlobalValues>;
}

export interface Found {
  readonly command: Command;
  /** the words after the command's name */
  readonly rest: readonly string[];
}

/**
 * Finds the command that `words` begin with. Names load one module; aliases, as they are only in the definitions, all.
 * @throws UsageError no such command
 */
export async function findCommand(program: Program, words: readonly string[]): Promise<Found> {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(' ');
    const load = Object.hasOwn(program.commands, name) ? program.commands[name] : undefined;
    if (load) return { command: (await load()).command, rest: words.slice(count) };
  }
  const all = await loadAll(program.commands);
  return findAlias(all, words) ?? unknownCommand(program, all, words);
}

/** Every definition, in the order of the registry. */
export async function loadAll(commands: Registry): Promise<Command[]> {
  const modules = await Promise.all(Object.values(commands).map((load) => load()));
  return modules.map((module) => module.command);
}

/** Whether the words name a group of commands and none of its members. */
export function isGroup(program: Program, words: readonly string[]): boolean {
  const [first = '', second = ''] = words;
  const members = subcommands(program.commands, first);
  return members.length > 0 && !members.includes(second);
}

/** The second words of the commands whose first word is `group`. */
function subcommands(commands: Registry, group: string): string[] {
  const names = Object.keys(commands).filter((name) => name.startsWith(`${group} `));
  return names.map((name) => name.slice(group.length + 1));
}

function findAlias(all: readonly Command[], words: readonly string[]): Found | undefined {
  for (const command of all) {
    for (const alias of command.aliases ?? []) {
      const count = alias.split(' ').length;
      if (alias === words.slice(0, count).join(' ')) return { command, rest: words.slice(count) };
    }
  }
  return undefined;
}

function unknownCommand(program: Program, all: readonly Command[], words: readonly string[]): never {
  const [first = '', second] = words;
  const members = subcommands(program.commands, first);
  if (members.length > 0) throw unknownMember(program, first, second, members);
  const near = nearest(
    first,
    all.flatMap((command) => [command.name, ...(command.aliases ?? [])]),
  );
  throw new UsageError(
    `unknown command '${first}'`,
    near ? `did you mean ${near}?` : `'${program.name} --help' lists the commands`,
  );
}

function unknownMember(program: Program, group: string, word: string | undefined, members: string[]): UsageError {
  const list = `'${program.name} ${group}' is followed by ${members.join(', ')}`;
  if (word === undefined) return new UsageError(`'${group}' is not a command by itself`, list);
  const near = nearest(word, members);
  return new UsageError(`unknown command '${group} ${word}'`, near ? `did you mean ${group} ${near}?` : list);
}
