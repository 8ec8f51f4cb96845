import { readConfigText } from '../fs/host/config.js';
import { configPlaces } from '../fs/host/configPlaces.js';
import { hostPath } from '../fs/host/hostPath.js';
import { type Context, defineCommand, type Result } from '../ui/command.js';
import { dryRunOption } from './options/dryRun.js';

export interface ConfigMigrateDocument {
  readonly files: readonly MigratedRow[];
  /** false with --dry-run */
  readonly written: boolean;
}

interface MigratedRow {
  readonly path: string;
  /** the old file; null: it was YAML already */
  readonly backup: string | null;
  /** the new text; null: it was YAML already */
  readonly text: string | null;
}

export const command = defineCommand({
  name: 'config migrate',
  group: 'Make and fill',
  summary: 'convert configuration files of older versions to YAML',
  details: [
    'Converts each FILE, or without one each file of famfs config path that has the old format: sections in brackets, key = value. Comments ' +
      'stay. The old file is kept beside it, with .ini at the end of its name; if there is another one already, nothing is converted. With --dry-run, ' +
      'the new text is printed.',
  ],
  examples: [
    { command: 'famfs config migrate -n', explains: 'what the files would be' },
    { command: 'sudo famfs config migrate /etc/famfs.conf', explains: 'one file' },
  ],
  args: [{ name: 'FILE', summary: 'configuration file', required: false, repeat: true }],
  options: { ...dryRunOption },
  seeAlso: ['config list', 'config path', 'config set'],
  changes: true,
  ignoresConfiguration: true,
  async run(context, given, { dryRun = false }): Promise<Result<ConfigMigrateDocument>> {
    const files: MigratedRow[] = [];
    for (const path of given.length > 0 ? given.map((one) => hostPath(context, one)) : oldFiles(context))
      files.push(await convert(context, path, dryRun));
    return {
      data: { files, written: !dryRun },
      text: () => (files.length === 0 ? ['no file has the old format'] : files.flatMap((row) => lines(row, dryRun))),
    };
  },
});

function oldFiles(context: Context): string[] {
  return configPlaces(context).flatMap(({ path }) => (readConfigText(path, false)?.format === 'ini' ? [path] : []));
}

async function convert({ umask }: Context, path: string, dryRun: boolean): Promise<MigratedRow> {
  const old = readConfigText(path, true);
  if (old === undefined || old.format === 'yaml') return { path, backup: null, text: null };
  const [{ convertConfig, putConfig, setsTheSame }, { keepCopy }] = await Promise.all([
    import('../fs/host/configEdit.js'),
    import('../fs/host/configBackup.js'),
  ]);
  const text = convertConfig(old.text, path);
  if (!(await setsTheSame(old.text, text, path))) throw new Error(`${path} would not set the same as YAML`);
  const backup = `${path}.ini`;
  if (!dryRun) {
    keepCopy(backup, old.text);
    putConfig(path, text, old.text, umask);
  }
  return { path, backup, text };
}

function lines({ path, backup, text }: MigratedRow, dryRun: boolean): string[] {
  if (text === null) return [`${path} is YAML already`];
  if (!dryRun) return [`${path} is YAML now; the old file is ${backup}`];
  return [`${path} would be:`, ...text.trimEnd().split('\n')];
}
