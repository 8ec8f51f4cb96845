import { defineCommand, type Result } from '../ui/command.js';
import { deviceOptions } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';
import { type EachFileDocument, planEachFile, runEachFile } from './transfer/eachFile.js';
import { threadOptions } from './transfer/runTransfer.js';

export interface FlushDocument extends EachFileDocument {
  /** false with --dry-run: `files` are those whose cache lines it would write back or drop */
  readonly written: boolean;
}

export const command = defineCommand({
  name: 'flush',
  group: 'Move data',
  summary: 'write cached bytes of files back to memory, or drop them from the cache',
  details: [
    'Writes back exactly the cache lines that hold bytes of the files, on all their daxdevs, so that other hosts see in ' +
      'memory what programs on this host have stored. The commands of famfs do this themselves; flush is for programs that ' +
      'store through a mapping and do not.',
    'With --invalidate, the lines are dropped too, so that this host reads what other hosts have written. Use it on the ' +
      'reading hosts, after the writing host has written back.',
  ],
  examples: [
    { command: 'famfs flush data/weights', explains: 'on the host that wrote it' },
    { command: 'famfs flush --invalidate data/weights', explains: 'on a host that is about to read it' },
  ],
  args: [{ name: 'FILE', summary: 'path in the file system', completes: 'path', required: true, repeat: true }],
  options: {
    invalidate: { type: 'boolean', summary: 'also drop the cache lines' },
    ...dryRunOption,
    ...threadOptions,
    ...deviceOptions,
  },
  seeAlso: ['cp', 'creat'],
  changes: true,
  async run(context, paths, { invalidate = false, dryRun = false, threads, dev }): Promise<Result<FlushDocument>> {
    const what = invalidate
      ? ({ label: 'invalidating', verb: 'invalidated', operation: { operation: 'invalidate' } } as const)
      : ({ label: 'writing back', verb: 'wrote back', operation: { operation: 'writeBack' } } as const);
    const result = dryRun
      ? await planEachFile(context, paths, invalidate ? 'would invalidate' : 'would write back', dev)
      : await runEachFile(context, paths, { ...what, threads, dev });
    return { ...result, data: { ...result.data, written: !dryRun } };
  },
});
