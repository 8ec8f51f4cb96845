import { defineCommand, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { deviceOptions } from './options/device.js';
import { numberArgument } from './options/numberArgument.js';
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
  args: [{ name: 'FILE', summary: 'path in the file system', completes: 'path', required: false, repeat: true }],
  options: {
    seed: { type: 'integer', short: 'S', value: 'SEED', summary: 'the seed that the files were filled with' },
    file: {
      type: 'string',
      short: 'f',
      value: 'FILE',
      completes: 'path',
      repeat: true,
      summary: 'a FILE, as scripts for the reference tools name it',
    },
    multi: {
      type: 'string',
      short: 'm',
      value: 'FILE,SEED',
      repeat: true,
      summary: 'check FILE, which was filled with SEED',
    },
    ...threadOptions,
    ...deviceOptions,
  },
  seeAlso: ['creat', 'cp'],
  async run(context, args, { seed, file, multi, threads, dev }): Promise<Result<VerifyDocument>> {
    const seeds = multi.map(splitSeed);
    const named = [...args, ...file];
    if (named.length > 0 && seed === undefined)
      throw new UsageError('the seed is missing', 'give it with --seed N, or for each file with --multi FILE,SEED');
    if (named.length === 0 && seed !== undefined) throw new UsageError('no FILE is named', 'name at least one');
    if (named.length + seeds.length === 0)
      throw new UsageError('no FILE is named', 'name one and give --seed N, or use --multi FILE,SEED');
    const bySeed = new Map(seeds.map((one) => [one.path, one.seed]));
    const twice = seeds.find(({ path }, i) => named.includes(path) || seeds.findIndex((one) => one.path === path) < i);
    if (twice !== undefined) throw new UsageError(`${twice.path} is named twice`, 'a file has one seed: name it once');
    const operation = (path: string) =>
      ({ operation: 'verifyPattern', seed: BigInt(bySeed.get(path) ?? seed ?? 0), invalidate: true }) as const;
    const paths = [...named, ...bySeed.keys()];
    return runEachFile(context, paths, { label: 'verifying', verb: 'verified', operation, threads, dev });
  },
});

/** The last comma counts, because a path may contain commas. Throws UsageError. */
function splitSeed(text: string): { path: string; seed: number } {
  const comma = text.lastIndexOf(',');
  if (comma < 1) throw new UsageError(`option --multi: '${text}' is not FILE,SEED`, 'write it as --multi data/file,42');
  return { path: text.slice(0, comma), seed: numberArgument('integer', 'option --multi', text.slice(comma + 1)) };
}
