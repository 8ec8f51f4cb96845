import { CONFIG_KEYS, type ConfigKey, readSettings, type Setting } from '../fs/host/config.js';
import { defineCommand, type OptionSpec, type Result } from '../ui/command.js';
import { GLOBAL_OPTIONS } from '../ui/globals.js';
import { type Column, table } from '../ui/table.js';
import { deviceOptions } from './options/device.js';
import { layoutOptions } from './options/layout.js';
import { settingValue } from './options/settings.js';

export interface ConfigListDocument {
  readonly settings: readonly SettingRow[];
}

interface SettingRow {
  readonly key: ConfigKey;
  /** null: not set, and without a default */
  readonly value: string | number | boolean | readonly string[] | null;
  /** FILE:LINE, an environment variable, or `default` */
  readonly origin: string;
  /** false for a value that another place overrides */
  readonly inForce: boolean;
}

const SPECS: Readonly<Record<ConfigKey, OptionSpec>> = {
  'devices.dev': deviceOptions.dev,
  'interleave.stripes': layoutOptions.stripes,
  'interleave.chunk': layoutOptions.chunk,
  'interleave.policy': layoutOptions.policy,
  'output.color': GLOBAL_OPTIONS.color,
  'output.json': GLOBAL_OPTIONS.json,
  'output.quiet': GLOBAL_OPTIONS.quiet,
};

const DEFAULTS: Partial<Record<ConfigKey, string | boolean>> = {
  'interleave.policy': 'random',
  'output.color': GLOBAL_OPTIONS.color.default,
  'output.json': false,
  'output.quiet': false,
};

const COLUMNS: readonly Column<SettingRow>[] = [
  { key: 'key', label: 'key' },
  { key: 'value', label: 'value', format: (value) => (Array.isArray(value) ? value.join(':') : String(value ?? '-')) },
  { key: 'origin', label: 'from' },
];

export const command = defineCommand({
  name: 'config list',
  group: 'Look',
  summary: 'print the configuration and where each value comes from',
  details: [
    'Settings are read from /etc/famfs.conf, then from famfs/config in XDG_CONFIG_HOME or ~/.config, then from the file that ' +
      'FAMFS_CONFIG names. Later files override earlier ones, environment variables override files, and options override ' +
      'everything.',
    'A file has sections and keys, like git configuration: [devices] with dev (may be repeated; relative to the directory ' +
      'of the file), [interleave] with stripes, chunk and policy, [output] with color, json and quiet. Comments start with # ' +
      'or ;. An unknown key is an error. A file must be a regular file of UTF-8 text, of at most 1 MiB.',
    'The variables are FAMFS_DEV (separated by colons), FAMFS_STRIPES, FAMFS_CHUNK, FAMFS_POLICY, FAMFS_COLOR, FAMFS_JSON ' +
      'and FAMFS_QUIET.',
  ],
  examples: [
    { command: 'famfs config list', explains: 'the values in force' },
    { command: 'FAMFS_CONFIG=./pool.conf famfs config list --all', explains: 'overridden values as well' },
  ],
  args: [],
  options: {
    all: { type: 'boolean', short: 'a', summary: 'also print values that are overridden' },
  },
  seeAlso: ['creat', 'mkfs'],
  async run(context, _args, { all = false }): Promise<Result<ConfigListDocument>> {
    const settings = readSettings(context);
    const rows = (Object.keys(CONFIG_KEYS) as ConfigKey[]).flatMap((key) => rowsOf(key, settings, all));
    return { data: { settings: rows }, text: (style) => table(context, style, COLUMNS, rows) };
  },
});

function rowsOf(key: ConfigKey, settings: readonly Setting[], all: boolean): SettingRow[] {
  const places = settings.filter((setting) => setting.key === key);
  const rows = places.map((setting, i) => ({
    key,
    value: key === 'devices.dev' ? setting.values : settingValue(setting, SPECS[key]),
    origin: setting.origin,
    inForce: i === places.length - 1,
  }));
  if (rows.length === 0) return [{ key, value: DEFAULTS[key] ?? null, origin: 'default', inForce: true }];
  return all ? rows : rows.filter(({ inForce }) => inForce);
}
