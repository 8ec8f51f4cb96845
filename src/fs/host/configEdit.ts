/**
 * Changing a configuration file: a key set or removed with its comments kept, the old format converted, a file put in place whole. It
 * loads a YAML parser.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { FamfsError } from '../errors.js';
import { type ConfigKey, REFERENCE_KEYS } from './config.js';
import { parseConfig } from './configFile.js';
import { simpleConfig } from './configSimple.js';
import { configParser } from './configYaml.js';
import { makeFolders } from './makeFolders.js';
import { setOwner } from './setOwner.js';
import { syncNames } from './syncNames.js';
import { temporaryName } from './temporaryName.js';
import { writeAll } from './writeAll.js';

/** what a plain scalar of ours may be; anything else is quoted */
const PLAIN = /^[A-Za-z0-9/.][\w/.+-]*$/;

/**
 * The text with a key set to values, or without it for undefined. Comments and all other keys stay. If the file has the key by its name
 * of the reference tools, that is the one that is changed, so that they go on reading it. Throws BAD_CONFIG for a text that is wrong.
 */
export async function editConfig(
  text: string,
  name: string,
  key: ConfigKey,
  values: readonly (string | number | boolean)[] | undefined,
): Promise<string> {
  const { isMap, isScalar, parseDocument } = await import('yaml');
  const parse = await configParser();
  parse(text, name);
  const document = parseDocument(text, { schema: 'core', logLevel: 'silent', uniqueKeys: false });
  const given = nameIn(key, (path) => document.hasIn(path));
  const path = given.split('.');
  if (values === undefined) {
    if (document.hasIn(path)) document.deleteIn(path);
    // a section without keys is nothing
    const section = document.getIn(path.slice(0, 1));
    if (isMap(section) && section.items.length === 0) document.deleteIn(path.slice(0, 1));
  } else {
    const [only, second] = given === 'core.verbose' ? values.map(Number) : values;
    const old = document.getIn(path, true);
    const section = document.getIn(path.slice(0, 1));
    if (section === null || section === undefined) document.setIn(path.slice(0, 1), document.createNode({}));
    if (second === undefined && isScalar(old)) old.value = only;
    else document.setIn(path, document.createNode(second === undefined ? only : values));
  }
  const edited =
    document.contents === null || (isMap(document.contents) && document.contents.items.length === 0)
      ? commentsOf(text)
      : document.toString({ lineWidth: 0 });
  parse(edited, name);
  return edited;
}

function commentsOf(text: string): string {
  return text
    .split('\n')
    .filter((line) => /^\s*#/.test(line))
    .map((line) => `${line.trim()}\n`)
    .join('');
}

function nameIn(key: ConfigKey, has: (path: readonly string[]) => boolean): string {
  const names = Object.entries(REFERENCE_KEYS).filter(([, ours]) => ours === key);
  return names.find(([name]) => has(name.split('.')))?.[0] ?? key;
}

/** The text of an old file as YAML, with its comments. Throws BAD_CONFIG for a text that is wrong. */
export function convertConfig(text: string, name: string): string {
  const settings = parseConfig(text, name);
  const byLine = new Map(settings.map((setting) => [setting.line, setting]));
  const last = new Map(settings.map(({ key, line }) => [key, line]));
  const sections = new Map<string, string[]>();
  const head: string[] = [];
  let comments = head;
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const setting = byLine.get(i + 1);
    if (setting !== undefined) {
      const { key, value } = setting;
      const [section = '', entry = ''] = key.split('.');
      const lines = linesOf(sections, section);
      comments = lines;
      // of a key that was set twice, the last line was in force
      if (key === 'devices.dev') {
        if (!lines.includes('  dev:')) lines.push('  dev:');
        lines.push(`    - ${scalar(value)}`);
      } else if (last.get(key) === i + 1) lines.push(`  ${entry}: ${scalar(value)}`);
    } else if (/^\[/.test(line)) comments = linesOf(sections, (/[a-z][a-z0-9-]*/i.exec(line)?.[0] ?? '').toLowerCase());
    else if (/^[#;]/.test(line)) comments.push(comments === head ? `#${line.slice(1)}` : `  #${line.slice(1)}`);
  }
  const parts = [...sections]
    .filter(([, lines]) => lines.length > 0)
    .map(([section, lines]) => [`${section}:`, ...lines]);
  return [...head, ...parts.flat()].map((line) => `${line}\n`).join('');
}

function linesOf(sections: Map<string, string[]>, section: string): string[] {
  const lines = sections.get(section) ?? [];
  sections.set(section, lines);
  return lines;
}

function scalar(value: string): string {
  return PLAIN.test(value) && value !== 'null' ? value : JSON.stringify(value);
}

/** Whether a converted text sets what the old one does. */
export async function setsTheSame(old: string, converted: string, name: string): Promise<boolean> {
  const before = new Map<string, string[]>();
  for (const { key, value } of parseConfig(old, name))
    before.set(key, key === 'devices.dev' ? [...(before.get(key) ?? []), value] : [value]);
  const after = new Map<string, string[]>();
  const lines = simpleConfig(converted) ?? (await configParser())(converted, name);
  for (const { key, value } of lines) after.set(key, [...(after.get(key) ?? []), value]);
  return JSON.stringify([...before].sort()) === JSON.stringify([...after].sort());
}

/**
 * Puts a text in place of a file, which keeps its mode and, where that is allowed, its owner; a link to it stays. `before` is the text that
 * the file had, undefined: none. After a crash there is the old file or the new one. Throws CHANGED if it has another text now, and
 * CANNOT_WRITE.
 */
export function putConfig(path: string, text: string, before: string | undefined, umask: number): void {
  const target = before === undefined ? path : realpathSync(path);
  const temporary = temporaryName(target);
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  try {
    const first = makeFolders(dirname(target), 0o777);
    const fd = openSync(temporary, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
    try {
      writeAll(fd, Buffer.from(text), 0);
      const old = before === undefined ? undefined : statSync(target);
      if (old !== undefined) setOwner(fd, old);
      fchmodSync(fd, old === undefined ? 0o666 & ~umask : old.mode & 0o7777);
      fsyncSync(fd);
      if (before !== undefined && readFileSync(target, 'utf8').replace(/^\uFEFF/, '') !== before)
        throw new FamfsError('CHANGED', `${path} was changed meanwhile`, { hint: 'try again' });
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    } finally {
      closeSync(fd);
    }
    syncNames(target, first);
  } catch (error) {
    if (error instanceof FamfsError) throw error;
    throw new FamfsError('CANNOT_WRITE', `cannot write the configuration ${path}: ${(error as Error).message}`, {
      hint: 'name another file with --file, or get permission for it',
      details: { path },
    });
  }
}
