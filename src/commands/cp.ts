import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { longName } from '../ui/optionNames.js';
import { ABSENT_BUCKETS } from './options/absent.js';
import { deviceOptions } from './options/device.js';
import { dryRunOption } from './options/dryRun.js';
import { layoutOptions } from './options/layout.js';
import { nameOptions } from './options/names.js';
import { ownerOptions } from './options/owner.js';
import { type CopyInDocument, copyIn } from './transfer/copyIn.js';
import { type CopyOutDocument, copyOut, outOptions } from './transfer/copyOut.js';
import { threadOptions } from './transfer/runTransfer.js';

export type CpDocument = CopyInDocument | CopyOutDocument;

/** Options without a meaning with --out. */
const inOptions = {
  size: {
    type: 'size',
    short: 's',
    value: 'SIZE',
    min: 1,
    summary: 'size in bytes of a SRC that is a stream: standard input, a pipe or a device',
  },
  dereference: { type: 'boolean', short: 'L', summary: 'copy what symbolic links inside trees point to' },
  mode: {
    type: 'mode',
    short: 'm',
    value: 'MODE',
    summary: 'permission bits of files, octal, in place of those of SRC',
    details: 'The umask applies. Directories keep their own.',
  },
  uid: { ...ownerOptions.uid, details: 'In place of the owner that is kept, for files and directories.' },
  gid: { ...ownerOptions.gid, details: 'In place of the group that is kept, for files and directories.' },
  ...nameOptions,
  ...layoutOptions,
} as const;

export const command = defineCommand({
  name: 'cp',
  group: 'Move data',
  summary: 'copy files in, or with --out, out',
  details: [
    'Copies files of this host into the file system, or with --out files of the file system to this host. With several ' +
      'SRC, or if DST is a directory, the copies go into DST; otherwise the copy gets the name DST.',
    'All sources are checked, and get their space and log entries, before the first is copied, under one ' +
      'lock and with one replay of the log. The bytes of a new file are in memory before the file appears: nobody ever ' +
      'sees it half copied, and an interrupted copy leaves nothing. Permission bits are kept; owner and ' +
      'group too, if root copies.',
    'A file that exists with the right size is written again in place, so an interrupted copy can be ' +
      'repeated; one of another size is an error. Empty files, symbolic links and special files are refused, since famfs has ' +
      'no way to hold them; files of procfs and sysfs, which do not report their size, are read to their end. What cannot be ' +
      'copied is reported, the rest is copied, and the exit code is 1.',
    'A file that is copied out gets its name when it is complete. Symbolic links inside the destination are never ' +
      'followed.',
  ],
  examples: [
    { command: 'famfs cp -r --stripes 16 models data', explains: 'a tree, its files interleaved over 16 strips' },
    { command: 'zstd -dc weights.zst | famfs cp -s 20G - data/weights', explains: 'a stream whose size is known' },
    { command: 'famfs cp --out -r --verify data /backup', explains: 'out again, read back and compared' },
    { command: 'famfs cp --out --skip-bad data/weights .', explains: 'the readable parts of a file in bad memory' },
  ],
  args: [
    { name: 'SRC', summary: "what to copy; '-' is standard input and needs -s", required: true, repeat: true },
    { name: 'DST', completes: 'path', summary: "where to copy it; with --out, '-' is standard output", required: true },
  ],
  options: {
    out: { type: 'boolean', summary: 'copy from the file system to this host' },
    ...outOptions,
    ...dryRunOption,
    ...threadOptions,
    ...inOptions,
    ...deviceOptions,
  },
  absentOptions: ABSENT_BUCKETS,
  seeAlso: ['get', 'cat', 'creat', 'verify'],
  changes: true,
  async run(context, args, options): Promise<Result<CpDocument>> {
    const { out = false, skipBad } = options;
    const sources = args.slice(0, -1);
    const target = args.at(-1) as string;
    if (!out) {
      if (skipBad) throw new UsageError('--skip-bad is for --out', 'leave it out');
      return copyIn(context, sources, target, options);
    }
    const given = Object.entries(inOptions).find(([key]) => options[key as keyof typeof inOptions] !== undefined);
    if (given !== undefined)
      throw new UsageError(`--${longName(...given)} and --out exclude each other`, 'leave one of them out');
    return copyOut(context, sources, target, options);
  },
});
