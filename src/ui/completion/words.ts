import type { Command, OptionSpec } from '../command.js';
import { GLOBAL_OPTIONS } from '../globals.js';
import { longNames, withGlobals } from '../optionNames.js';

/** An option as a shell offers it. */
export interface Offer {
  readonly spec: OptionSpec;
  /** one letter, without dash */
  readonly short: string | undefined;
  /** without dashes; a flag that is on unless denied is offered as `no-x` */
  readonly longs: readonly string[];
}

export function offers(command: Command): Offer[] {
  return Object.entries(withGlobals(command.options, GLOBAL_OPTIONS)).map(([key, spec]) => ({
    spec,
    short: spec.short,
    longs: longNames(key, spec).map((name) => (spec.default === true ? `no-${name}` : name)),
  }));
}

/** A word that can come first: a command, or the first word of several, which are its members by second word. */
export interface FirstWord {
  readonly word: string;
  readonly summary: string;
  readonly members: ReadonlyMap<string, string>;
}

export function firstWords(commands: readonly Command[]): FirstWord[] {
  const found = new Map<string, { word: string; summary: string; members: Map<string, string> }>();
  for (const { name, summary, group } of commands) {
    const [word = '', second] = name.split(' ');
    const first = found.get(word) ?? { word, summary: second === undefined ? summary : group, members: new Map() };
    if (second !== undefined) first.members.set(second, summary);
    found.set(word, first);
  }
  return [...found.values()];
}

/** Text within single quotes for bash and zsh. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
