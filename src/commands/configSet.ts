import { FamfsError } from '../fs/errors.js';
import { type ConfigKey, loadConfig, readConfigText, settingOf } from '../fs/host/config.js';
import { configPlaces } from '../fs/host/configPlaces.js';
import { hostPath } from '../fs/host/hostPath.js';
import { parseTag } from '../fs/host/tag.js';
import { type Context, defineCommand, type OptionValues, type Result } from '../ui/command.js';
import { named, UsageError } from '../ui/errors.js';
import { parseValue } from '../ui/values.js';
import { CONFIG_SPECS, requireKey } from './options/configKeys.js';
import { dryRunOption } from './options/dryRun.js';
import { parseBoolean } from './options/settings.js';

export interface ConfigSetDocument {
  /** the file that was changed */
  readonly path: string;
  readonly key: ConfigKey;
  /** several only for devices.dev; null: removed */
  readonly values: readonly (string | number | boolean)[] | null;
  /** false with --dry-run, and if the file has it already */
  readonly written: boolean;
}

const options = {
  system: { type: 'boolean', summary: "change /etc/famfs.conf instead of the user's file" },
  file: { type: 'string', value: 'FILE', summary: 'change this file, which is made if it is missing' },
  unset: { type: 'boolean', summary: 'remove KEY' },
  ...dryRunOption,
} as const;

export const command = defineCommand({
  name: 'config set',
  group: 'Make and fill',
  summary: 'set or remove a value of the configuration',
  details: [
    "Changes one key of the user's file, or of another. Comments and the other keys stay, also those of other tools. If the file has the key by " +
      'its name of the reference tools, that is changed, so that they go on reading it. The new file takes the place of the old one at once, ' +
      'with the same mode; a crash leaves one of them.',
    'Key and value are checked as the option is that the key stands for. A path is stored from the root. If an environment variable or another ' +
      'file overrides the new value, a warning says so. famfs config list describes the places and the keys.',
  ],
  examples: [
    { command: 'famfs config set interleave.stripes 16', explains: 'for new files of this user' },
    {
      command: 'famfs config set --system devices.dev /dev/dax0.0 /dev/dax1.0',
      explains: 'for everybody on this host',
    },
    { command: 'famfs config set --unset output.color', explains: 'back to the default' },
  ],
  args: [
    { name: 'KEY', summary: 'section and key: interleave.stripes', required: true, choices: Object.keys(CONFIG_SPECS) },
    { name: 'VALUE', summary: 'as the option takes it; several for devices.dev', required: false, repeat: true },
  ],
  options,
  seeAlso: ['config list', 'config get', 'config path', 'config migrate'],
  changes: true,
  ignoresConfiguration: true,
  async run(context, [given = '', ...texts], chosen): Promise<Result<ConfigSetDocument>> {
    const { unset = false, dryRun = false } = chosen;
    const key = requireKey(given);
    const values = unset ? undefined : valuesOf(context, key, texts);
    if (unset && texts.length > 0) throw new UsageError('--unset takes no VALUE', 'leave one of them out');
    const path = fileOf(context, chosen);
    const old = readConfigText(path, false);
    if (old?.format === 'ini')
      throw new FamfsError('BAD_CONFIG', `${path} is in the format of older versions`, {
        hint: `convert it first: famfs config migrate ${path}`,
      });
    const { editConfig, putConfig } = await import('../fs/host/configEdit.js');
    const text = await editConfig(old?.text ?? '', path, key, values);
    const written = !dryRun && text !== (old?.text ?? '');
    if (written) putConfig(path, text, old?.text, context.umask);
    if (!dryRun) await warnIfOverridden(context, key, path);
    const what = values === undefined ? `${key} ${dryRun ? 'would be ' : ''}removed` : `${key}: ${values.join(' ')}`;
    return {
      data: { path, key, values: values ?? null, written },
      text: () => [`${dryRun ? 'would change ' : ''}${path}: ${what}`],
    };
  },
});

function valuesOf(context: Context, key: ConfigKey, texts: readonly string[]): (string | number | boolean)[] {
  const [first, second] = texts;
  if (first === undefined) throw new UsageError('the VALUE is missing', 'give it after KEY, or --unset');
  if (second !== undefined && key !== 'devices.dev')
    throw new UsageError(`${key} has one value, but '${second}' is another`, 'quote a value with blanks');
  const spec = CONFIG_SPECS[key];
  return texts.map((text) => {
    if (key === 'devices.dev' && text !== '') return parseTag(text) === undefined ? hostPath(context, text) : text;
    if (spec.type === 'boolean') return named(key, () => parseBoolean(text));
    const value = named(key, () => parseValue(spec, text));
    // a size stays as it was written
    return spec.type === 'integer' ? value : text;
  });
}

function fileOf(context: Context, { system = false, file }: OptionValues<typeof options>): string {
  if (system && file !== undefined) throw new UsageError('--system and --file exclude each other', 'give one of them');
  if (file !== undefined) return hostPath(context, file);
  const place = configPlaces(context).find(({ scope }) => scope === (system ? 'system' : 'user'));
  if (place === undefined)
    throw new UsageError('HOME is not set, so there is no file of the user', 'name one with --file');
  return place.path;
}

/** Reads all places again. What is wrong elsewhere is for the next command to report. */
async function warnIfOverridden({ env, cwd, warn }: Context, key: ConfigKey, path: string): Promise<void> {
  try {
    const host = { env, cwd, memo: new Map<string, unknown>() };
    await loadConfig(host);
    const { origin } = settingOf(host, key) ?? { origin: path };
    if (origin !== path && !origin.startsWith(`${path}:`))
      warn('OVERRIDDEN', `${key} comes from ${origin}, whatever ${path} says`);
  } catch (error) {
    if (!(error instanceof FamfsError)) throw error;
    warn(error.code, error.message);
  }
}
