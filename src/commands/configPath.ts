import { readConfigText } from '../fs/host/config.js';
import { type ConfigPlace, type ConfigScope, configPlaces } from '../fs/host/configPlaces.js';
import { defineCommand, type Result } from '../ui/command.js';
import { type Column, table } from '../ui/table.js';

export interface ConfigPathDocument {
  /** in ascending order of precedence */
  readonly files: readonly PlaceRow[];
}

interface PlaceRow {
  /** reference-user: where the reference tools keep the user's; named: by FAMFS_CONFIG */
  readonly scope: ConfigScope;
  readonly path: string;
  /** unreadable: commands refuse it */
  readonly state: 'there' | 'missing' | 'unreadable';
  /** null without a readable file; ini is the format of older versions */
  readonly format: 'yaml' | 'ini' | null;
}

const COLUMNS: readonly Column<PlaceRow>[] = [
  { key: 'scope', label: 'scope' },
  { key: 'path', label: 'path' },
  { key: 'state', label: 'state' },
  { key: 'format', label: 'format', format: (format) => format ?? '-' },
];

export const command = defineCommand({
  name: 'config path',
  group: 'Look',
  summary: 'print where configuration files are looked for',
  details: [
    'Prints the files in the order in which they are read; later ones override earlier ones. Each may be missing, except the last one, which FAMFS_CONFIG names.',
  ],
  examples: [{ command: 'famfs config path', explains: 'the files that could set something' }],
  args: [],
  options: {},
  seeAlso: ['config list', 'config set'],
  ignoresConfiguration: true,
  async run(context): Promise<Result<ConfigPathDocument>> {
    const files = configPlaces(context).map(placeRow);
    return { data: { files }, text: (style) => table(context, style, COLUMNS, files) };
  },
});

function placeRow({ scope, path }: ConfigPlace): PlaceRow {
  try {
    const found = readConfigText(path, false);
    return { scope, path, state: found === undefined ? 'missing' : 'there', format: found?.format ?? null };
  } catch {
    return { scope, path, state: 'unreadable', format: null };
  }
}
