import type { OptionSpec, OptionTable } from './command.js';
import { exactBytes, octal } from './units.js';

/** The long name of an option, without dashes: `logLen` is `log-len` unless its spec says otherwise. */
export function longName(key: string, spec: OptionSpec): string {
  return spec.long ?? key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Every long name of an option, the main one first. */
export function longNames(key: string, spec: OptionSpec): string[] {
  return [longName(key, spec), ...(spec.aliases ?? [])];
}

/** Every one-letter name of an option. */
export function shortNames({ short, shortAliases = [] }: OptionSpec): string[] {
  return short === undefined ? [] : [short, ...shortAliases];
}

/** Whether the option is followed by a value. */
export function takesValue(spec: OptionSpec): boolean {
  return spec.type !== 'boolean' && spec.type !== 'count';
}

/** The placeholder for an option's value. */
export function valueName(spec: OptionSpec): string {
  const name = spec.value ?? spec.choices?.join('|') ?? spec.type.toUpperCase();
  return spec.bare === undefined ? name : `[${name}]`;
}

/** The same options without their defaults, so that options that were not given are undefined. */
export function withoutDefaults(table: OptionTable): OptionTable {
  return Object.fromEntries(Object.entries(table).map(([key, { default: _, ...spec }]) => [key, spec]));
}

/** The text after an option's summary: the allowed values, and the default. */
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
