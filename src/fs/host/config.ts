/**
 * Settings of this host and user: /etc/famfs.conf, then famfs/config in XDG_CONFIG_HOME or ~/.config, then the file that
 * FAMFS_CONFIG names, then environment variables; later ones win (docs/pools.md, "Configuration"). Values are text here: the
 * options that they stand for define what is allowed.
 */
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { FamfsError } from '../errors.js';
import { parseConfig } from './configFile.js';
import { type Host, once, systemPath } from './host.js';
import { hostPath } from './hostPath.js';
import { readSmallFile } from './smallFile.js';
import { parseTag } from './tag.js';

/** Each key, and the environment variable that overrides it. */
export const CONFIG_KEYS = {
  'devices.dev': 'FAMFS_DEV',
  'interleave.stripes': 'FAMFS_STRIPES',
  'interleave.chunk': 'FAMFS_CHUNK',
  'interleave.policy': 'FAMFS_POLICY',
  'output.color': 'FAMFS_COLOR',
  'output.json': 'FAMFS_JSON',
  'output.quiet': 'FAMFS_QUIET',
} as const;

export type ConfigKey = keyof typeof CONFIG_KEYS;

/** The value of a key in one place. */
export interface Setting {
  readonly key: ConfigKey;
  /** several only for devices.dev: paths, absolute or relative to the working directory */
  readonly values: readonly string[];
  /** FILE:LINE, or the name of the variable */
  readonly origin: string;
}

/** The part of a Host that configuration depends on. */
export type ConfigHost = Pick<Host, 'env' | 'cwd' | 'memo'>;

/** bytes; about 25,000 lines */
const LONGEST_FILE = 1024 * 1024;

/** Every place that sets a key, in ascending order of precedence. The files are read once for a host. Throws BAD_CONFIG. */
export function readSettings(host: ConfigHost): readonly Setting[] {
  return once(host, 'settings', () => [...configFiles(host).flatMap(fileSettings), ...environmentSettings(host)]);
}

/** The files that readSettings has read for a host, and how many settings each has. Throws BAD_CONFIG. */
export function filesRead(host: ConfigHost): readonly { readonly path: string; readonly settings: number }[] {
  const origins = readSettings(host).flatMap(({ origin }) => /^(\/.*):\d+$/.exec(origin)?.[1] ?? []);
  return [...new Set(origins)].map((path) => ({ path, settings: origins.filter((one) => one === path).length }));
}

/** The value in force for a key, or undefined if nothing sets it. Throws BAD_CONFIG. */
export function settingOf(host: ConfigHost, key: ConfigKey): Setting | undefined {
  return readSettings(host).findLast((setting) => setting.key === key);
}

interface ConfigFile {
  readonly path: string;
  /** whether the file must exist */
  readonly required: boolean;
}

function configFiles(host: ConfigHost): ConfigFile[] {
  const { FAMFS_CONFIG } = host.env;
  const files = [{ path: systemPath(host, '/etc/famfs.conf'), required: false }];
  const folder = userFolder(host);
  if (folder !== undefined) files.push({ path: hostPath(host, join(folder, 'famfs/config')), required: false });
  if (FAMFS_CONFIG) files.push({ path: hostPath(host, FAMFS_CONFIG), required: true });
  return files;
}

/** The folder of the user's configuration; the XDG base directory specification ignores a relative XDG_CONFIG_HOME. */
function userFolder({ env: { HOME, XDG_CONFIG_HOME } }: ConfigHost): string | undefined {
  if (XDG_CONFIG_HOME !== undefined && isAbsolute(XDG_CONFIG_HOME)) return XDG_CONFIG_HOME;
  return HOME ? join(HOME, '.config') : undefined;
}

function fileSettings({ path, required }: ConfigFile): Setting[] {
  const text = readConfig(path, required);
  if (text === undefined) return [];
  const values = new Map<ConfigKey, string[]>();
  const origins = new Map<ConfigKey, string>();
  for (const { key, value, line } of parseConfig(text, path)) {
    const origin = `${path}:${line}`;
    if (!isKey(key))
      throw new FamfsError('BAD_CONFIG', `${origin}: unknown key ${key}`, {
        hint: `the keys are ${Object.keys(CONFIG_KEYS).join(', ')}`,
      });
    origins.set(key, origin);
    // several lines of a file name several daxdevs; for any other key the last line wins
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

function readConfig(path: string, required: boolean): string | undefined {
  try {
    return utf8(readSmallFile(path, LONGEST_FILE));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!required && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
    throw new FamfsError('BAD_CONFIG', `cannot read the configuration ${path}: ${(error as Error).message}`, {
      hint: required ? 'FAMFS_CONFIG names it' : 'make it a readable text file, or remove it',
      cause: error,
    });
  }
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

function isKey(key: string): key is ConfigKey {
  return Object.hasOwn(CONFIG_KEYS, key);
}
