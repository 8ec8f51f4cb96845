import { CONFIG_KEYS, type ConfigKey, readSettings, type Setting } from '../fs/host/config.js';
import { defineCommand, type Result } from '../ui/command.js';
import { type Column, table } from '../ui/table.js';
import { CONFIG_DEFAULTS, CONFIG_SPECS, type SettingRow } from './options/configKeys.js';
import { settingValue } from './options/settings.js';

export interface ConfigListDocument {
  readonly settings: readonly SettingRow[];
}

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
    'Settings are read from /etc/famfs.conf, then from ~/.famfs/famfs.conf, where the reference tools keep those of the user, then ' +
      'from famfs/config in XDG_CONFIG_HOME or ~/.config, and then from the file that FAMFS_CONFIG names. Later files override earlier ones, ' +
      'environment variables override files, and options override everything.',
    'A file is YAML: sections devices (dev, one or a list; relative to the directory of the file), interleave (stripes, chunk, policy), ' +
      'transfer (threads) and output (color, json, quiet, verbose). The keys of the reference tools are understood: interleave.nstrips is ' +
      'stripes, interleave.chunk_size is chunk, core.threadct is transfer.threads, core.verbose is output.verbose, and ' +
      'interleave.nbuckets means nothing here. Any other key is ignored with a warning. A file must be a regular file of UTF-8 text, of at ' +
      'most 1 MiB, without anchors, aliases and tags. Files in the format of older versions are still read, with a warning.',
    'The variables are FAMFS_DEV (separated by colons), FAMFS_STRIPES, FAMFS_CHUNK, FAMFS_POLICY, FAMFS_THREADS, FAMFS_COLOR, FAMFS_JSON, ' +
      'FAMFS_QUIET and FAMFS_VERBOSE.',
  ],
  examples: [
    { command: 'famfs config list', explains: 'the values in force' },
    { command: 'FAMFS_CONFIG=./pool.conf famfs config list --all', explains: 'overridden values as well' },
  ],
  args: [],
  options: {
    all: { type: 'boolean', short: 'a', summary: 'also print values that are overridden' },
  },
  seeAlso: ['config get', 'config set', 'config path', 'config migrate'],
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
    value: key === 'devices.dev' ? setting.values : settingValue(setting, CONFIG_SPECS[key]),
    origin: setting.origin,
    inForce: i === places.length - 1,
  }));
  if (rows.length === 0) return [{ key, value: CONFIG_DEFAULTS[key] ?? null, origin: 'default', inForce: true }];
  return all ? rows : rows.filter(({ inForce }) => inForce);
}
