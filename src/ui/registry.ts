import type { Command, Completes, Context, OptionTable, Steps } from './command.js';
import type { GlobalValues } from './globals.js';

/** The modules of all commands, by name. This is the only list of commands; a module is loaded when it is needed. */
export type Registry = Readonly<Record<string, () => Promise<{ readonly command: Command }>>>;

/** A word that a shell asks to complete. */
export interface WantedWord {
  /** what it may name; undefined: any file of the host */
  readonly kinds: ReadonlySet<Completes | undefined>;
  /** what there is of it */
  readonly current: string;
  /** the values of --dev on the line */
  readonly dev: readonly string[];
}

export interface Program {
  readonly name: string;
  readonly version: string;
  /** commands that are also separate programs: `mkfs` as `mkfs.NAME` */
  readonly links: readonly string[];
  /** options by which callers of such a program mean another one, and that one */
  readonly linkOptions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly commands: Registry;
  /** names that people try but that are not commands, with what to do instead */
  readonly absent?: Readonly<Record<string, string>>;
  /** options of many commands that may stand before the command's name, as global options may */
  readonly leading?: OptionTable;
  /** what --verbose says of the work of commands */
  readonly steps?: () => Promise<Steps>;
  /** what a word may become, each of which begins with `current`; only asked about kinds that are not just files of the host */
  readonly complete?: (process: Pick<Context, 'env' | 'cwd'>, word: WantedWord) => Promise<string[]>;
  /** values of global options from the host's or user's configuration, for those that the command line does not give */
  readonly globalDefaults?: (process: Pick<Context, 'env' | 'cwd'>) => Promise<Partial<GlobalValues>>;
  /** warnings about that configuration, once it was read */
  readonly configurationNotes?: (
    process: Pick<Context, 'env' | 'cwd'>,
  ) => readonly { readonly code: string; readonly message: string }[];
}

/**
 * The commands that `words` may name: the one of that name, or all of them, as aliases are only in the definitions.
 */
export async function loadCandidates({ commands }: Program, words: readonly string[]): Promise<Command[]> {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(' ');
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (load) return [(await load()).command];
  }
  return loadAll(commands);
}

/** Every definition, in the order of the registry. */
export async function loadAll(commands: Registry): Promise<Command[]> {
  const modules = await Promise.all(Object.values(commands).map((load) => load()));
  return modules.map((module) => module.command);
}

/** The command whose name or alias `words` begin with, and how many words that is. */
export function findCommand(
  commands: readonly Command[],
  words: readonly string[],
): { readonly command: Command; readonly count: number } | undefined {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(' ');
    const command = commands.find((one) => namesOf(one).includes(name));
    if (command && words.length >= count) return { command, count };
  }
  return undefined;
}

/** The name of a command and its aliases. */
export function namesOf({ name, aliases = [] }: Command): string[] {
  return [name, ...aliases];
}

/** Whether `word` is the first of two in the name of some command. */
export function isGroup(commands: readonly Command[], word: string | undefined): word is string {
  return word !== undefined && commands.some(({ name }) => name.startsWith(`${word} `));
}
