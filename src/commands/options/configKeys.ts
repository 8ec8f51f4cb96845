/** The keys of the configuration as options: what values they take, and what holds without any. */
import { type ConfigKey, isConfigKey, REFERENCE_KEYS } from '../../fs/host/config.js';
import type { OptionSpec } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { GLOBAL_OPTIONS } from '../../ui/globals.js';
import { nearest } from '../../ui/suggest.js';
import { deviceOptions } from './dev.js';
import { layoutOptions } from './layout.js';
import { threadOptions } from './threads.js';

export const CONFIG_SPECS: Readonly<Record<ConfigKey, OptionSpec>> = {
  'devices.dev': deviceOptions.dev,
  'interleave.stripes': layoutOptions.stripes,
  'interleave.chunk': layoutOptions.chunk,
  'interleave.policy': layoutOptions.policy,
  'transfer.threads': threadOptions.threads,
  'output.color': GLOBAL_OPTIONS.color,
  'output.json': GLOBAL_OPTIONS.json,
  'output.quiet': GLOBAL_OPTIONS.quiet,
  'output.verbose': GLOBAL_OPTIONS.verbose,
};

export const CONFIG_DEFAULTS: Partial<Record<ConfigKey, string | boolean>> = {
  'interleave.policy': 'random',
  'output.color': GLOBAL_OPTIONS.color.default,
  'output.json': false,
  'output.quiet': false,
  'output.verbose': false,
};

/** A row of config list, and what config get finds. */
export interface SettingRow {
  readonly key: ConfigKey;
  /** null: not set, and without a default */
  readonly value: string | number | boolean | readonly string[] | null;
  /** FILE:LINE, an environment variable, or `default` */
  readonly origin: string;
  /** false for a value that another place overrides */
  readonly inForce: boolean;
}

/** A key that was given as an argument. Throws UsageError. */
export function requireKey(given: string): ConfigKey {
  if (isConfigKey(given)) return given;
  if (Object.hasOwn(REFERENCE_KEYS, given)) {
    const ours = REFERENCE_KEYS[given];
    throw new UsageError(
      `${given} is a key of the reference tools`,
      ours === undefined ? 'it means nothing here' : `here it is ${ours}`,
    );
  }
  const keys = Object.keys(CONFIG_SPECS);
  const near = nearest(given, keys);
  throw new UsageError(`unknown key ${given}`, near ? `did you mean ${near}?` : `the keys are ${keys.join(', ')}`);
}
