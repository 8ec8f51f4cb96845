import { defineCommand } from '../ui/command.js';
import { deviceOptions } from './options/device.js';
import { writeToOutput } from './transfer/output.js';

export const command = defineCommand({
  name: 'cat',
  group: 'Move data',
  summary: 'write files to standard output',
  details: [
    'Writes the bytes of the files in the given order, as they are in memory, not in the cache of this host. When the ' +
      'reader goes away, it ends without an error.',
  ],
  examples: [{ command: 'famfs cat data/log | head', explains: 'the beginning of a file' }],
  args: [{ name: 'FILE', summary: 'path in the file system', completes: 'path', required: true, repeat: true }],
  options: deviceOptions,
  seeAlso: ['cp', 'get'],
  async run(context, paths, { dev }) {
    return { data: {}, text: () => [], exitCode: await writeToOutput(context, paths, { dev, skipBad: false }) };
  },
});
