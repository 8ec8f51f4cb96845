import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { deviceOptions } from './options/device.js';
import { type EachFileDocument, runEachFile } from './transfer/eachFile.js';
import { threadOptions } from './transfer/runTransfer.js';

export type VerifyDocument = EachFileDocument;

export const command = defineCommand({
  name: 'verify',
  group: 'Move data',
  summary: 'check that files hold a seeded pattern',
  details: [
    'Compares each file, as it is in memory and not in the cache of this host, with the pattern that creat --seed stores. The ' +
      'first wrong byte of a file is reported with its offset in the file, its daxdev and the offset there; the other files ' +
      'are still checked, and the exit code is 1.',
    'The pattern is that of the reference tools, so each can verify what the other has filled.',
  ],
  examples: [{ command: 'famfs verify --seed 42 data/a data/b', explains: 'two files made with creat --seed 42' }],
  args: [{ name: 'FILE', summary: 'path in the file system', required: false, repeat: true }],
  options: {
    seed: { type: 'integer', short: 'S', value: 'SEED', summary: 'the seed that the files were filled with' },
    file: {
      type: 'string',
      short: 'f',
      value: 'FILE',
      repeat: true,
      summary: 'a FILE, as scripts for the reference tools name it',
    },
    ...threadOptions,
    ...deviceOptions,
  },
  seeAlso: ['creat', 'cp'],
  async run(context, args, { seed, file, threads, dev }): Promise<Result<VerifyDocument>> {
    if (seed === undefined) throw new UsageError('the seed is missing', 'give it with --seed N');
    const paths = [...args, ...file];
    if (paths.length === 0) throw new UsageError('no FILE is named', 'name at least one');
    const operation = { operation: 'verifyPattern', seed: BigInt(seed), invalidate: true } as const;
    return runEachFile(context, paths, { label: 'verifying', verb: 'verified', operation, threads, dev });
  },
});
