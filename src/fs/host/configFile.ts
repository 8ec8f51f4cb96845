/** The form of a configuration file, as git has it: `[section]`, `key = value`, comments from # or ; on. */
import { FamfsError } from '../errors.js';

/** One line that sets a key. */
export interface ConfigLine {
  /** section.key, in lower case */
  readonly key: string;
  readonly value: string;
  /** from 1 */
  readonly line: number;
}

const SECTION = /^\[\s*([a-z][a-z0-9-]*)\s*\]\s*(?:[#;].*)?$/i;
const ASSIGNMENT = /^([a-z][a-z0-9-]*)\s*=\s*(.*)$/i;
/** Quoted, in which a backslash takes what follows as it is; or plain up to a comment. */
const VALUE = /^(?:"((?:[^"\\]|\\.)*)"|([^#;"]*?))\s*(?:[#;].*)?$/;

/** The settings of a file, in order; `name` is the file, for errors. Throws BAD_CONFIG with the line. */
export function parseConfig(text: string, name: string): ConfigLine[] {
  const settings: ConfigLine[] = [];
  let section: string | undefined;
  for (const [i, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const content = raw.trim();
    if (content === '' || /^[#;]/.test(content)) continue;
    const header = SECTION.exec(content)?.[1];
    if (header !== undefined) {
      section = header.toLowerCase();
      continue;
    }
    const [key, value] = parseAssignment(content) ?? refuse(name, i + 1, content);
    if (section === undefined) refuse(name, i + 1, content, 'stands before the first [section]');
    settings.push({ key: `${section}.${key}`, value, line: i + 1 });
  }
  return settings;
}

function parseAssignment(content: string): [key: string, value: string] | undefined {
  const [, key, rest] = ASSIGNMENT.exec(content) ?? [];
  const [, quoted, plain] = rest === undefined ? [] : (VALUE.exec(rest) ?? []);
  const value = quoted?.replace(/\\(.)/g, '$1') ?? plain;
  return key === undefined || value === undefined || value === '' ? undefined : [key.toLowerCase(), value];
}

function refuse(name: string, line: number, content: string, why = "is neither [section] nor 'key = value'"): never {
  throw new FamfsError('BAD_CONFIG', `${name}:${line}: '${content}' ${why}`, { hint: 'famfs help config list' });
}
