/**
 * Settings of this host and user: from the files of configPlaces, then from environment variables; later ones win (docs/pools.md,
 * "Configuration"). Values are text here: the options that they stand for define what is allowed.
 */
import { dirname, resolve } from 'node:path';
import { FamfsError, type WarningCode } from '../errors.js';
import { type ConfigLine, parseConfig } from './configFile.js';
import { type ConfigHost, type ConfigPlace, configPlaces } from './configPlaces.js';
import { simpleConfig } from './configSimple.js';
import { readSmallFile } from './smallFile.js';
import { parseTag } from './tag.js';

export type { ConfigHost } from './configPlaces.js';

/** Each key, and the environment variable that overrides it. */
export const CONFIG_KEYS = {
  'devices.dev': 'FAMFS_DEV',
  'interleave.stripes': 'FAMFS_STRIPES',
  'interleave.chunk': 'FAMFS_CHUNK',
  'interleave.policy': 'FAMFS_POLICY',
  'transfer.threads': 'FAMFS_THREADS',
  'output.color': 'FAMFS_COLOR',
  'output.json': 'FAMFS_JSON',
  'output.quiet': 'FAMFS_QUIET',
  'output.verbose': 'FAMFS_VERBOSE',
} as const;

export type ConfigKey = keyof typeof CONFIG_KEYS;

/** Keys of the reference tools, in their YAML, and ours; undefined: it means nothing here. */
export const REFERENCE_KEYS: Readonly<Record<string, ConfigKey | undefined>> = {
  'interleave.nstrips': 'interleave.stripes',
  'interleave.chunk_size': 'interleave.chunk',
  'interleave.nbuckets': undefined,
  'core.threadct': 'transfer.threads',
  'core.verbose': 'output.verbose',
};

/** The value of a key in one place. */
export interface Setting {
  readonly key: ConfigKey;
  /** several only for devices.dev: paths, absolute or relative to the working directory */
  readonly values: readonly string[];
  /** FILE:LINE, or the name of the variable */
  readonly origin: string;
}

/** ini: the format of older versions of this toolkit */
export type ConfigFormat = 'yaml' | 'ini';

/** A file of configuration that exists. */
export interface ConfigText {
  readonly text: string;
  readonly format: ConfigFormat;
}

/** What was read. */
interface Configuration {
  /** every place that sets a key, in ascending order of precedence */
  readonly settings: readonly Setting[];
  /** what to tell the user once, if nothing else is wrong */
  readonly notes: readonly { readonly code: WarningCode; readonly message: string }[];
}

/** bytes; about 25,000 lines */
const LONGEST_FILE = 1024 * 1024;
/** the key of what was read, in the memo of a host */
export const CONFIG_MEMO = 'configuration';

/**
 * Reads the configuration, which the other functions then know; a YAML parser is loaded only if a file needs one. Must be awaited once
 * for a host with a memo before the others are called. Throws BAD_CONFIG.
 */
export async function loadConfig(host: ConfigHost): Promise<void> {
  if (host.memo?.has(CONFIG_MEMO)) return;
  const files = readFiles(host);
  const isHard = files.some(({ text, format }) => format === 'yaml' && simpleConfig(text) === undefined);
  const parse = isHard ? await (await import('./configYaml.js')).configParser() : undefined;
  host.memo?.set(
    CONFIG_MEMO,
    configurationOf(host, files, ({ path }, text) => parse?.(text, path) ?? []),
  );
}

/** Every place that sets a key, in ascending order of precedence. Throws BAD_CONFIG. */
export function readSettings(host: ConfigHost): readonly Setting[] {
  return configurationFor(host).settings;
}

/** Warnings about the files: unknown keys, and the old format. Throws BAD_CONFIG. */
export function configNotes(host: ConfigHost): Configuration['notes'] {
  return configurationFor(host).notes;
}

/** The files that set something, and how many settings each has. Throws BAD_CONFIG. */
export function filesRead(host: ConfigHost): readonly { readonly path: string; readonly settings: number }[] {
  const origins = readSettings(host).flatMap(({ origin }) => /^(\/.*):\d+$/.exec(origin)?.[1] ?? []);
  return [...new Set(origins)].map((path) => ({ path, settings: origins.filter((one) => one === path).length }));
}

/** The value in force for a key, or undefined if nothing sets it. Throws BAD_CONFIG. */
export function settingOf(host: ConfigHost, key: ConfigKey): Setting | undefined {
  return readSettings(host).findLast((setting) => setting.key === key);
}

export function isConfigKey(key: string): key is ConfigKey {
  return Object.hasOwn(CONFIG_KEYS, key);
}

/** The text of a file, and its format; undefined if it does not exist. Throws BAD_CONFIG. @param required it must exist */
export function readConfigText(path: string, required: boolean): ConfigText | undefined {
  try {
    const text = utf8(readSmallFile(path, LONGEST_FILE)).replace(/^\uFEFF/, '');
    return { text, format: formatOf(text) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!required && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
    throw new FamfsError('BAD_CONFIG', `cannot read the configuration ${path}: ${(error as Error).message}`, {
      hint: required ? 'FAMFS_CONFIG names it' : 'make it a readable text file, or remove it',
      cause: error,
    });
  }
}

function configurationFor(host: ConfigHost): Configuration {
  const known = host.memo?.get(CONFIG_MEMO) as Configuration | undefined;
  if (known !== undefined) return known;
  const read = configurationOf(host, readFiles(host), ({ path }) => {
    throw new Error(`${path} needs a YAML parser: loadConfig was not awaited`);
  });
  host.memo?.set(CONFIG_MEMO, read);
  return read;
}

type FileOfPlace = ConfigPlace & ConfigText;

function readFiles(host: ConfigHost): FileOfPlace[] {
  return configPlaces(host).flatMap((place) => {
    const text = readConfigText(place.path, place.scope === 'named');
    return text === undefined ? [] : [{ ...place, ...text }];
  });
}

function configurationOf(
  host: ConfigHost,
  files: readonly FileOfPlace[],
  parseHard: (place: ConfigPlace, text: string) => ConfigLine[],
): Configuration {
  const notes: Configuration['notes'][number][] = [];
  const warn = (code: WarningCode, message: string) => notes.push({ code, message });
  const settings = files.flatMap((file) => {
    const { path, text, format } = file;
    if (format === 'ini') {
      warn('OLD_CONFIG', `${path} is in the format of older versions; convert it with: famfs config migrate`);
      return fileSettings(parseConfig(text, path), path, unknownKey);
    }
    const lines = simpleConfig(text) ?? parseHard(file, text);
    return fileSettings(ourKeys(lines, path), path, ({ key, line }) =>
      warn('CONFIG_KEY', `${path}:${line}: unknown key ${key}; the keys are ${Object.keys(CONFIG_KEYS).join(', ')}`),
    );
  });
  return { settings: [...settings, ...environmentSettings(host)], notes };
}

/** As older versions wrote it, a section in brackets or an assignment comes first; comments may begin with a semicolon. */
function formatOf(text: string): ConfigFormat {
  const first = text.split('\n').find((line) => !/^\s*(?:#.*)?$/.test(line)) ?? '';
  return /^\s*(?:\[\s*[a-z]|;|[a-z][a-z0-9-]*\s*=)/i.test(first) ? 'ini' : 'yaml';
}

/** Keys of the reference become ours; those that mean nothing here are left out. Throws BAD_CONFIG for two names of one key. */
function ourKeys(lines: readonly ConfigLine[], path: string): ConfigLine[] {
  const named = new Map<string, string>();
  return lines.flatMap(({ key: given, value, line }) => {
    const isReference = Object.hasOwn(REFERENCE_KEYS, given);
    const key = isReference ? REFERENCE_KEYS[given] : given;
    if (key === undefined) return [];
    const before = named.get(key);
    if (before === given && key !== 'devices.dev')
      throw new FamfsError('BAD_CONFIG', `${path}:${line}: ${given} has several values`, { hint: 'give it one' });
    if (before !== undefined && before !== given)
      throw new FamfsError('BAD_CONFIG', `${path}:${line}: ${given} and ${before} are the same setting`, {
        hint: `keep one of them; famfs calls it ${key}`,
      });
    named.set(key, given);
    // the reference counts how much to say
    const says = given === 'core.verbose' && /^\d+$/.test(value) ? String(Number(value) > 0) : value;
    return [{ key, value: says, line }];
  });
}

function fileSettings(
  lines: readonly ConfigLine[],
  path: string,
  unknown: (line: ConfigLine, path: string) => void,
): Setting[] {
  const values = new Map<ConfigKey, string[]>();
  const origins = new Map<ConfigKey, string>();
  for (const given of lines) {
    const { key, value, line } = given;
    const origin = `${path}:${line}`;
    if (!isConfigKey(key)) {
      unknown(given, path);
      continue;
    }
    if (value === '')
      throw new FamfsError('BAD_CONFIG', `${origin}: ${key} is not text`, { hint: 'give it one value' });
    origins.set(key, origin);
    // several values of a file name several daxdevs; for any other key the last one wins
    const known = values.get(key);
    if (key !== 'devices.dev') {
      values.set(key, [value]);
      continue;
    }
    const daxdev = parseTag(value) === undefined ? resolve(dirname(path), value) : value;
    if (known === undefined) values.set(key, [daxdev]);
    else known.push(daxdev);
  }
  return [...values].map(([key, all]) => ({ key, values: all, origin: origins.get(key) as string }));
}

function unknownKey({ key, line }: ConfigLine, path: string): never {
  throw new FamfsError('BAD_CONFIG', `${path}:${line}: unknown key ${key}`, {
    hint: `the keys are ${Object.keys(CONFIG_KEYS).join(', ')}`,
  });
}

/** Throws if a byte would have to be replaced, because a path would then name another file. */
function utf8(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) throw new Error('it is not UTF-8');
  return text;
}

function environmentSettings(host: ConfigHost): Setting[] {
  const settings: Setting[] = [];
  for (const [key, variable] of Object.entries(CONFIG_KEYS) as [ConfigKey, string][]) {
    const text = host.env[variable] ?? '';
    const values = key === 'devices.dev' ? text.split(':').filter((path) => path !== '') : [text];
    if (text !== '' && values.length > 0) settings.push({ key, values, origin: variable });
  }
  return settings;
}
