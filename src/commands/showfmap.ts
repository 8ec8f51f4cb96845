import { type Context, defineCommand, type Style } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { type Column, table } from '../ui/table.js';
import { exactBytes, hex } from '../ui/units.js';
import { type FmapData, fmapData, type StripRow } from './fmapData.js';
import { deviceOptions, findFile, withVolume } from './shared.js';

export const command = defineCommand({
  name: 'showfmap',
  group: 'Look',
  summary: 'print where files lie on the daxdevs',
  details: [
    'Prints the map (fmap) of each file: its strips or extents, each with the daxdev, the offset there and the length. ' +
      'Slack is what the file has allocated but does not use.',
  ],
  examples: [
    { command: 'famfs showfmap data/weights', explains: 'the map of one file' },
    { command: 'famfs showfmap --all --json', explains: 'the maps of all files, for a script' },
  ],
  args: [{ name: 'FILE', summary: 'path in the file system', required: false, repeat: true }],
  options: {
    all: { type: 'boolean', short: 'a', summary: 'all files' },
    ...deviceOptions,
  },
  seeAlso: ['stat', 'creat'],
  async run(context, args, { all = false, dev }) {
    if (!all && args.length === 0) throw new UsageError('no file is named', 'name at least one FILE, or give --all');
    if (all && args.length > 0) throw new UsageError('--all and FILE exclude each other', 'give one of them');
    const files = await withVolume(context, dev, (volume) => {
      const { namespace } = volume.replay;
      const nodes = all
        ? [...namespace.nodes()].filter(({ kind }) => kind === 'file')
        : args.map((path) => findFile(namespace, path));
      return nodes.map((node) => fmapData(volume.fileEntry(node)));
    });
    return { data: { files: files.values() }, text: (style) => render(context, style, files) };
  },
});

const COLUMNS: readonly Column<StripRow>[] = [
  { key: 'strip', label: 'strip', align: 'right' },
  { key: 'daxdev', label: 'daxdev', align: 'right' },
  { key: 'offset', label: 'device offset', align: 'right', format: hex },
  { key: 'length', label: 'length', align: 'right', format: hex },
];

async function render(context: Context, style: Style, files: readonly FmapData[]): Promise<string[]> {
  const lines: string[] = [];
  for (const file of files) {
    if (lines.length > 0) lines.push('');
    lines.push(style.bold(file.path), `  ${describe(file)}`);
    lines.push(...(await table(context, style, COLUMNS, file.extents)));
  }
  return lines;
}

function describe(file: FmapData): string {
  const { chunkSize, stripeSize } = file;
  const striping =
    chunkSize === null
      ? 'simple'
      : `interleaved, chunk ${exactBytes(chunkSize)}, stripe ${exactBytes(stripeSize ?? 0)}`;
  return `size ${file.size}, ${striping}, allocated ${file.allocated}, slack ${file.slack}`;
}
