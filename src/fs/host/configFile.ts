/** The syntax of a configuration file, like git's: `[section]`, `key = value`, comments that start with # or ;. */
import { FamfsError } from '../errors.js';

/** One line that sets a key. */
export interface ConfigLine {
  /** section.key, in lower case */
  readonly key: string;
  readonly value: string;
  /** counted from 1 */
  readonly line: number;
}

const SECTION = /^\[\s*([a-z][a-z0-9-]*)\s*\]\s*(?:[#;].*)?$/i;
const KEY = /^[a-z][a-z0-9-]*$/i;
/** A quoted value, in which a backslash makes the next character literal, and the rest of the line. */
const QUOTED = /^"((?:[^"\\]|\\.)*)"(.*)$/;

/** characters of a line to quote in an error */
const LONGEST_SHOWN = 200;

/** The settings of a file, in order; `name` is the file, for errors. Throws BAD_CONFIG with the line. */
export function parseConfig(text: string, name: string): ConfigLine[] {
  const settings: ConfigLine[] = [];
  let section: string | undefined;
  for (const [i, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const content = raw.trim();
    if (content === '' || isComment(content)) continue;
    const header = SECTION.exec(content)?.[1];
    if (header !== undefined) {
      section = header.toLowerCase();
      continue;
    }
    const [key, value] = parseAssignment(content) ?? refuse(name, i + 1, content);
    if (section === undefined) refuse(name, i + 1, content, 'comes before the first [section]');
    settings.push({ key: `${section}.${key}`, value, line: i + 1 });
  }
  return settings;
}

function parseAssignment(content: string): [key: string, value: string] | undefined {
  const equals = content.indexOf('=');
  const key = content.slice(0, Math.max(equals, 0)).trimEnd();
  const value = KEY.test(key) ? parseValue(content.slice(equals + 1).trimStart()) : undefined;
  return value === undefined || value === '' ? undefined : [key.toLowerCase(), value];
}

/** A value without its quotes and without the comment after it; undefined if its quotes are wrong. */
function parseValue(text: string): string | undefined {
  const [, quoted, rest] = QUOTED.exec(text) ?? [];
  if (quoted !== undefined && rest !== undefined)
    return rest.trim() === '' || isComment(rest.trim()) ? quoted.replace(/\\(.)/g, '$1') : undefined;
  const comment = text.search(/[#;]/);
  const plain = text.slice(0, comment < 0 ? undefined : comment).trimEnd();
  return plain.includes('"') ? undefined : plain;
}

function isComment(text: string): boolean {
  return text.startsWith('#') || text.startsWith(';');
}

function refuse(name: string, line: number, content: string, why = "is neither [section] nor 'key = value'"): never {
  const shown = content.length > LONGEST_SHOWN ? `${content.slice(0, LONGEST_SHOWN)}...` : content;
  throw new FamfsError('BAD_CONFIG', `${name}:${line}: '${shown}' ${why}`, { hint: 'see: famfs help config list' });
}
