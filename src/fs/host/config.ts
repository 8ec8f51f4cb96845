/**
 * Settings of this host and user: /etc/famfs.conf, then ~/.config/famfs/config, then the file that FAMFS_CONFIG names, then
 * variables of the environment; the later wins (docs/pools.md, "Configuration"). Values are text here: what they must be is
 * known where they are used.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FamfsError } from '../errors.js';
import { parseConfig } from './configFile.js';
import { type Host, systemPath } from './host.js';

/** Each key, and the variable of the environment that stands for it. */
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

/** A key that is set in one place. */
export interface Setting {
  readonly key: ConfigKey;
  /** several only for devices.dev: paths that are absolute, or start at the cwd */
  readonly values: readonly string[];
  /** where: FILE:LINE, or the name of the variable */
  readonly origin: string;
}

type Surroundings = Pick<Host, 'env' | 'cwd'>;

/** Every place that sets a key, the weakest first. Throws BAD_CONFIG. */
export function readSettings(host: Surroundings): Setting[] {
  return [...configFiles(host).flatMap(fileSettings), ...environmentSettings(host)];
}

/** What is in force for a key, or undefined where nothing sets it. Throws BAD_CONFIG. */
export function settingOf(host: Surroundings, key: ConfigKey): Setting | undefined {
  return readSettings(host).findLast((setting) => setting.key === key);
}

interface ConfigFile {
  readonly path: string;
  /** whether it is an error that it does not exist */
  readonly required: boolean;
}

function configFiles(host: Surroundings): ConfigFile[] {
  const { HOME, FAMFS_CONFIG } = host.env;
  const files = [{ path: systemPath(host, '/etc/famfs.conf'), required: false }];
  if (HOME) files.push({ path: join(HOME, '.config/famfs/config'), required: false });
  if (FAMFS_CONFIG) files.push({ path: resolve(host.cwd, FAMFS_CONFIG), required: true });
  return files;
}

function fileSettings({ path, required }: ConfigFile): Setting[] {
  const text = readConfig(path, required);
  if (text === undefined) return [];
  const settings = new Map<ConfigKey, Setting>();
  for (const { key, value, line } of parseConfig(text, path)) {
    const origin = `${path}:${line}`;
    if (!isKey(key))
      throw new FamfsError('BAD_CONFIG', `${origin}: there is no key ${key}`, {
        hint: `the keys are ${Object.keys(CONFIG_KEYS).join(', ')}`,
      });
    const values = key === 'devices.dev' ? [resolve(dirname(path), value)] : [value];
    const before = settings.get(key);
    // several lines of one file name several daxdevs; of any other key the last counts
    const all = key === 'devices.dev' && before !== undefined ? [...before.values, ...values] : values;
    settings.delete(key);
    settings.set(key, { key, values: all, origin });
  }
  return [...settings.values()];
}

function readConfig(path: string, required: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!required && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
    throw new FamfsError('BAD_CONFIG', `cannot read the configuration ${path}: ${(error as Error).message}`, {
      hint: required ? 'FAMFS_CONFIG names it' : 'make it readable, or remove it',
      cause: error,
    });
  }
}

function environmentSettings(host: Surroundings): Setting[] {
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
