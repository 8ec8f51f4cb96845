import type { OptionSpec, OptionTable } from './command.js';

/** The long name of an option, without dashes: `logLen` is `log-len` unless its spec says otherwise. */
export function longName(key: string, spec: OptionSpec): string {
  return spec.long ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Every long name of an option, the main one first. */
export function longNames(key: string, spec: OptionSpec): string[] {
  return [longName(key, spec), ...(spec.aliases ?? [])];
}

/** Whether the option is followed by a value. */
export function takesValue(spec: OptionSpec): boolean {
  return spec.type !== 'boolean' && spec.type !== 'count';
}

/** What stands for an option's value. */
export function valueName(spec: OptionSpec): string {
  return spec.value ?? spec.choices?.join('|') ?? spec.type.toUpperCase();
}

/** Adds the options that every command has. A short name that the command uses itself is not a global one: `df -h`. */
export function withGlobals(own: OptionTable, globals: OptionTable): OptionTable {
  const taken = new Set(Object.values(own).map((spec) => spec.short));
  const table: Record<string, OptionSpec> = { ...own };
  for (const [key, { short, ...rest }] of Object.entries(globals)) {
    table[key] = short === undefined || taken.has(short) ? rest : { short, ...rest };
  }
  return table;
}
