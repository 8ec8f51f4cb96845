import { type ConfigKey, readSettings } from '../fs/host/config.js';
import { defineCommand, type Result } from '../ui/command.js';
import { CONFIG_DEFAULTS, CONFIG_SPECS, requireKey, type SettingRow } from './options/configKeys.js';
import { settingValue } from './options/settings.js';

export interface ConfigGetDocument extends SettingRow {}

export const command = defineCommand({
  name: 'config get',
  group: 'Look',
  summary: 'print a value of the configuration',
  details: [
    'Prints the value in force: that of the last place that sets the key, or its default. Several daxdevs are a line each. If there is ' +
      'neither, it prints nothing, and the exit code is 1. famfs config list describes the places and the keys.',
  ],
  examples: [{ command: 'famfs config get interleave.stripes', explains: 'the default number of strips' }],
  args: [
    { name: 'KEY', summary: 'section and key: interleave.stripes', required: true, choices: Object.keys(CONFIG_SPECS) },
  ],
  options: {},
  exitCodes: { usage: 2, failed: 1, table: { 0: 'printed', 1: 'nothing sets it, or an error', 2: 'wrong usage' } },
  seeAlso: ['config list', 'config set'],
  async run(context, [given = '']): Promise<Result<ConfigGetDocument>> {
    const row = settingRow(requireKey(given), readSettings(context));
    const lines = row.value === null ? [] : Array.isArray(row.value) ? row.value : [String(row.value)];
    return { data: row, text: () => lines, exitCode: row.value === null ? 1 : 0 };
  },
});

function settingRow(key: ConfigKey, settings: ReturnType<typeof readSettings>): SettingRow {
  const setting = settings.findLast((one) => one.key === key);
  if (setting === undefined) return { key, value: CONFIG_DEFAULTS[key] ?? null, origin: 'default', inForce: true };
  const value = key === 'devices.dev' ? setting.values : settingValue(setting, CONFIG_SPECS[key]);
  return { key, value, origin: setting.origin, inForce: true };
}
