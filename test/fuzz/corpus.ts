/** The sound images to mutate: small ones made here, and those that the reference wrote. */
import { mkdirSync, openSync, readSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { runCommand } from '../support/runCommand.js';

const MIB = 2 ** 20;
/** covers the superblock region and the used entries; the rest of the log is zeros */
const META = 3 * MIB;

/** One image of the corpus, opened. */
export interface Seed {
  readonly name: string;
  readonly path: string;
  readonly fd: number;
  /** sound superblock region and beginning of the log; zeros follow */
  readonly sound: Buffer;
  /** a copy of `sound` to mutate; whoever changes it restores it */
  readonly image: Buffer;
  readonly entries: number;
  readonly deviceSize: number;
  readonly env: Readonly<Record<string, string>>;
}

/** Makes the corpus in a folder, each image in its own subfolder, because famfs searches beside an image for other daxdevs. */
export async function makeCorpus(folder: string): Promise<Seed[]> {
  const uuidFile = join(folder, 'system_uuid');
  writeFileSync(uuidFile, `${GOLDEN_MASTER}\0`);
  const env = { FAMFS_SYSTEM_UUID_FILE: uuidFile, FAMFS_SYSROOT: join(folder, 'sysroot'), HOME: folder };
  const names = ['mixed', 'full', 'pool', 'g2', 'g3', 'small'];
  for (const name of names) mkdirSync(join(folder, name));
  return [
    await ours(folder, 'mixed', 64 * MIB, env, MIXED),
    await ours(folder, 'full', 32 * MIB, env, FULL),
    await ours(folder, 'pool', 64 * MIB, env, POOL, { others: ['second'] }),
    load('g2', goldenImage('g2', join(folder, 'g2')), 13, 4096 * MIB, env),
    load('g3', goldenImage('g3', join(folder, 'g3')), 25, 16384 * MIB, env),
    await ours(folder, 'small', 64 * MIB, env, SMALL, { options: ['--alloc-unit', '4k'] }),
  ];
}

/** directories, plain and interleaved files, some space left */
const MIXED: readonly string[][] = [
  ['mkdir', 'd0', 'd1', 'd1/d2'],
  ['creat', '-s', '1', 'd0/f0'],
  ['creat', '-s', '2M', 'd0/f1', 'd1/d2/f2', 'f3'],
  ['creat', '-s', '8M', '--stripes', '4', '--chunk', '2M', 'd0/striped'],
  ['creat', '-s', '5M', '--stripes', '2', '--chunk', '2M', 'd1/pair'],
  ['creat', '-s', '4M', 'f4'],
];

/** full but for one allocation unit */
const FULL: readonly string[][] = [['creat', '-s', '2M', ...Array.from({ length: 10 }, (_, i) => `f${i}`)]];

/** an allocation unit of 4 KiB: files in parts of huge pages, and interleaved ones in small chunks */
const SMALL: readonly string[][] = [
  ['mkdir', 'd0'],
  ['creat', '-s', '10k', 'd0/f0', 'd0/f1', 'f2'],
  ['creat', '-s', '3M', 'large'],
  ['creat', '-s', '96k', '--stripes', '3', '--chunk', '16k', 'd0/striped'],
  ['creat', '-s', '1', 'f3'],
];

/** over two daxdevs */
const POOL: readonly string[][] = [
  ['mkdir', 'd0'],
  ['creat', '-s', '8M', '--stripes', '2', '--chunk', '2M', 'd0/striped'],
  ['creat', '-s', '2M', 'f0', 'f1', 'f2'],
];

async function ours(
  folder: string,
  name: string,
  size: number,
  env: Record<string, string>,
  commands: readonly string[][],
  { others = [], options = [] }: { readonly others?: readonly string[]; readonly options?: readonly string[] } = {},
): Promise<Seed> {
  const paths = ['image', ...others].map((file) => join(folder, name, file));
  const path = paths[0] as string;
  for (const file of paths) {
    writeFileSync(file, '');
    truncateSync(file, size);
  }
  const run = async (argv: readonly string[]) => {
    const { exitCode, stderr, stdout } = await runCommand(argv, { env, cwd: folder });
    if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
    return stdout;
  };
  await run(['mkfs', '--quiet', ...options, ...paths]);
  for (const argv of commands) await run([...argv, '--dev', path]);
  const { log } = JSON.parse(await run(['fsck', '--json', path])) as { log: { entries: number } };
  return load(name, path, log.entries, size, env);
}

function load(name: string, path: string, entries: number, deviceSize: number, env: Record<string, string>): Seed {
  const fd = openSync(path, 'r+');
  const sound = Buffer.alloc(META);
  readSync(fd, sound, 0, META, 0);
  return { name, path, fd, sound, image: Buffer.from(sound), entries, deviceSize, env };
}
