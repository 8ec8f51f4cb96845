import { defineCommand, type Result } from '../ui/command.js';
import { deviceOptions } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';
import { type CopyOutDocument, copyOut, outOptions } from './transfer/copyOut.js';
import { threadOptions } from './transfer/runTransfer.js';

export type GetDocument = CopyOutDocument;

export const command = defineCommand({
  name: 'get',
  group: 'Move data',
  summary: 'copy files out',
  details: [
    "The same as famfs cp --out. If DST is '-', the bytes of the files go to standard output, as with famfs cat.",
  ],
  examples: [
    { command: 'famfs get data/model.tar - | tar x', explains: 'one file to standard output' },
    { command: 'famfs get -r / /backup', explains: 'everything in the file system' },
  ],
  args: [
    { name: 'SRC', summary: 'path in the file system', completes: 'path', required: true, repeat: true },
    { name: 'DST', summary: "where to copy it on this host; '-' is standard output", required: true },
  ],
  options: { ...outOptions, ...dryRunOption, ...threadOptions, ...deviceOptions },
  seeAlso: ['cp', 'cat'],
  changes: true,
  async run(context, args, options): Promise<Result<GetDocument>> {
    return copyOut(context, args.slice(0, -1), args.at(-1) as string, options);
  },
});
