import { defineCommand, type Result } from '../ui/command.js';
import {
  type Exported,
  type ExportedDefaults,
  type ExportedDirectory,
  type ExportedFile,
  type ExportedPool,
  exported,
} from './manifest/exported.js';
import { manifestLines } from './manifest/manifestLines.js';
import { deviceArgument, deviceOptions, listVolume } from './options/device.js';

/** A manifest, as plan and apply read it. */
export interface ExportDocument {
  readonly pool: ExportedPool;
  readonly defaults: ExportedDefaults;
  readonly directories: readonly ExportedDirectory[];
  /** in log order */
  readonly files: readonly ExportedFile[];
}

export const command = defineCommand({
  name: 'export',
  group: 'Declare',
  summary: 'write the manifest of a file system that exists',
  details: [
    'Writes the manifest that describes the pool, its directories and its files as they are, in YAML or, with --json, in JSON. famfs plan of ' +
      'it finds nothing to do on this file system; famfs apply of it on blank daxdevs makes the same tree, with files of the same strips and ' +
      'chunk on the same daxdevs.',
    'The bytes of files are not part of it. An image is named by path and size, so that apply can make another; a daxdev is named by ' +
      'path, and by uuid where it is not on this host. A name that is not UTF-8 or has control characters cannot be written into a manifest, ' +
      'and is refused.',
  ],
  examples: [
    { command: 'famfs export > pool.yaml', explains: 'begin to declare a pool that was made by hand' },
    { command: 'famfs export --json | famfs plan -', explains: 'finds nothing to do' },
  ],
  args: [deviceArgument],
  options: deviceOptions,
  seeAlso: ['plan', 'apply'],
  async run(context, devices, { dev }): Promise<Result<ExportDocument>> {
    return listVolume(
      context,
      [...devices, ...dev],
      (volume) => volume.fileEntries(),
      (volume, files) => {
        const data: Exported = exported(volume, files);
        return { data, text: () => manifestLines(data) };
      },
    );
  },
});
