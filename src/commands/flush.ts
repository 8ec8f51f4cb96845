import { invalidateFile, writeBackFile } from '../fs/transfer/checkFiles.js';
import { defineCommand } from '../ui/command.js';
import { deviceOptions } from './options/device.js';
import { threadOptions } from './transfer/attend.js';
import { doEachFile } from './transfer/eachFile.js';

export const command = defineCommand({
  name: 'flush',
  group: 'Move data',
  summary: 'write files back from the cache, or drop what is cached of them',
  details: [
    'Writes back exactly the cache lines that hold bytes of the files, on all their daxdevs, so that other hosts find in ' +
      'memory what programs of this host have stored. The commands of famfs do so by themselves; it is for programs that ' +
      'store through a mapping and do not.',
    'With --invalidate the lines are dropped too, so that this host reads what other hosts have written. Give it on the ' +
      'hosts that read, after the one that writes has written back.',
  ],
  examples: [
    { command: 'famfs flush data/weights', explains: 'where it was written' },
    { command: 'famfs flush --invalidate data/weights', explains: 'where it is going to be read' },
  ],
  args: [{ name: 'FILE', summary: 'path in the file system', required: true, repeat: true }],
  options: {
    invalidate: { type: 'boolean', summary: 'drop the cache lines too' },
    ...threadOptions,
    ...deviceOptions,
  },
  seeAlso: ['cp', 'creat'],
  async run(context, paths, { invalidate = false, threads, dev }) {
    const what = invalidate
      ? { label: 'invalidating', done: 'invalidated', work: invalidateFile }
      : { label: 'writing back', done: 'wrote back', work: writeBackFile };
    return doEachFile(context, paths, { ...what, threads, dev });
  },
});
