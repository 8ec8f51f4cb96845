/** The configuration as option values: a key is validated like the option that it stands for. */

import { FamfsError } from '../../fs/errors.js';
import { type ConfigHost, type ConfigKey, loadConfig, type Setting, settingOf } from '../../fs/host/config.js';
import type { OptionSpec } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { GLOBAL_OPTIONS, type GlobalValues } from '../../ui/globals.js';
import { parseValue } from '../../ui/values.js';

const TRUE = ['true', 'yes', 'on', '1'];
const FALSE = ['false', 'no', 'off', '0'];

/** The value of a key for an option that was not given; undefined if nothing sets it. Throws BAD_CONFIG. */
export function configured(host: ConfigHost, key: ConfigKey, spec: OptionSpec): string | number | boolean | undefined {
  const setting = settingOf(host, key);
  return setting === undefined ? undefined : settingValue(setting, spec);
}

/** The option value of a setting. Throws BAD_CONFIG, which names the place where it is set. */
export function settingValue({ key, values, origin }: Setting, spec: OptionSpec): string | number | boolean {
  const text = values.at(-1) ?? '';
  try {
    return spec.type === 'boolean' ? parseBoolean(text) : parseValue(spec, text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new FamfsError('BAD_CONFIG', `${origin}: ${key}: ${error.message}`, {
      ...(error.hint && { hint: error.hint }),
      cause: error,
    });
  }
}

/** Reads the configuration, and returns the global options that it sets. Throws BAD_CONFIG. */
export async function globalDefaults(host: ConfigHost): Promise<Partial<GlobalValues>> {
  await loadConfig(host);
  const entries = (['color', 'json', 'quiet', 'verbose'] as const).map((name) => [
    name,
    configured(host, `output.${name}`, GLOBAL_OPTIONS[name]),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<GlobalValues>;
}

export function parseBoolean(text: string): boolean {
  const word = text.toLowerCase();
  if (TRUE.includes(word)) return true;
  if (FALSE.includes(word)) return false;
  throw new UsageError(`'${text}' is neither true nor false`, 'write true or false');
}
