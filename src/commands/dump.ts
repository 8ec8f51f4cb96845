import { counted } from '../format/counted.js';
import { imageOf } from '../fs/image/imageWriter.js';
import { saveImage } from '../fs/image/saveImage.js';
import { withSources } from '../fs/image/sources.js';
import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { humanBytes } from '../ui/units.js';
import { deviceArgument, deviceOptions } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';

export interface DumpDocument {
  /** of the metadata image, as named */
  readonly path: string;
  /** bytes of it */
  readonly size: number;
  readonly scrambled: boolean;
  /** false with --dry-run */
  readonly written: boolean;
  /** the primary first */
  readonly daxdevs: readonly DumpedRow[];
}

interface DumpedRow {
  readonly path: string;
  /** bytes of the daxdev */
  readonly size: number;
}

const STDOUT = '-';

export const command = defineCommand({
  name: 'dump',
  group: 'Check',
  summary: 'save superblocks and log in a metadata image, without file data',
  details: [
    'Saves what makes up the names and maps of a file system: the superblock and the other records of every daxdev of the pool that is ' +
      'here, the log with all its slots, and the journal of a rewrite that was stopped. The bytes of files are not read. The image is ' +
      'compressed and has checksums; famfs restore makes sparse images of it, which every command reads.',
    'Nothing is refused because it is damaged: fsck of the restored images finds what it finds here. A file system in use is saved as it ' +
      'is at that moment; entries that are being appended may lie beyond the ones that are counted.',
    'With --scramble, names are replaced by others that are as long: the same name by the same one, in paths and in the device names of ' +
      'superblocks. Slashes and checksums stay right, or wrong. Sizes, owners, modes, uuids and maps stay as they are. Without it, an image ' +
      'has all names, and only its owner may read it.',
  ],
  examples: [
    { command: 'famfs dump -o pool.fmd', explains: 'keep the metadata somewhere else' },
    { command: 'famfs dump --scramble -o case.fmd /dev/dax0.0', explains: 'for somebody who must not know the names' },
  ],
  args: [deviceArgument],
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      default: STDOUT,
      summary: 'where to write it; - is standard output',
    },
    scramble: { type: 'boolean', summary: 'replace all names' },
    force: { type: 'boolean', summary: 'replace FILE' },
    ...dryRunOption,
    ...deviceOptions,
  },
  seeAlso: ['restore', 'fsck', 'inspect'],
  async run(context, devices, options): Promise<Result<DumpDocument>> {
    const { output, scramble = false, force = false, dryRun = false, dev } = options;
    const toStdout = output === STDOUT;
    if (toStdout && dryRun) throw new UsageError('--dry-run is for a file named with -o', 'leave it out');
    if (toStdout && force) throw new UsageError('--force is for a file named with -o', 'leave it out');
    if (toStdout && context.json)
      throw new UsageError('the image and the JSON document cannot both go to standard output', 'name a file with -o');
    if (toStdout && context.terminal)
      throw new UsageError('a metadata image is not for a terminal', 'name a file with -o, or redirect the output');
    return withSources(context, [...devices, ...dev], (daxdevs) => {
      const rows = daxdevs.map(({ path, size }) => ({ path, size }));
      const pieces = imageOf(daxdevs, scramble);
      if (toStdout) {
        const bytes = Buffer.concat([...pieces]);
        return {
          data: { path: output, size: bytes.length, scrambled: scramble, written: true, daxdevs: rows },
          bytes,
          text: () => [],
        };
      }
      const size = saveImage(context, output, pieces, daxdevs, { force, dryRun });
      return {
        data: { path: output, size, scrambled: scramble, written: !dryRun, daxdevs: rows },
        text: () => [
          `${output}: ${humanBytes(size)}${dryRun ? ' would be written' : ''}, metadata of ${counted(rows.length, 'daxdev')}${scramble ? ', names scrambled' : ''}`,
        ],
      };
    });
  },
});
