/**
 * What does a tree of small files cost to copy in, as a multiple of reading it? Processor time and elapsed time of whole processes on
 * files of 10 KiB in memory. The commands take turns; medians are compared. `tar` reads each file with one buffer and passes it on:
 * `cat` would take new memory for each, which can cost more than copying.
 *
 * node out/bench/tree.js [--json] [--runs N] [--files N]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAMFS } from '../test/support/famfs.js';
import { runCommand } from '../test/support/runCommand.js';
import { benchFolder, median, report } from './report.js';

const FOLDERS = 100;
const SIZE = 10 * 1024;
/** bytes that a file of SIZE takes in units of 4 KiB */
const SPACE = 12 * 1024;
const MIB = 1024 ** 2;
const READING = 'tar | cat';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    runs: { type: 'string', default: '3' },
    files: { type: 'string', default: '50000' },
  },
});
const files = Number(values.files);
const folder = benchFolder();
const tree = join(folder, 'tree');
const image = join(folder, 'pool.img');
const env = { ...process.env, FAMFS_SYSTEM_UUID_FILE: join(folder, 'uuid'), FAMFS_DEV: image };

interface Time {
  readonly elapsed: number;
  readonly processor: number;
}

const COMMANDS: Readonly<Record<string, { before(): Promise<void>; readonly script: string }>> = {
  [READING]: { before: async () => {}, script: `tar cf - '${tree}' | cat` },
  'cp -r of coreutils': {
    before: async () => rmSync(join(folder, 'copy'), { recursive: true, force: true }),
    script: `cp -r '${tree}' '${join(folder, 'copy')}'`,
  },
  'famfs cp -r': { before: makeImage, script: `'${process.execPath}' '${FAMFS}' cp -r '${tree}' /` },
};

try {
  makeTree();
  const times = new Map(Object.keys(COMMANDS).map((name) => [name, [] as Time[]]));
  for (let round = 0; round < Number(values.runs); round++)
    for (const [name, { before, script }] of Object.entries(COMMANDS)) {
      await before();
      times.get(name)?.push(timeOf(script));
    }
  const limit = median(times.get(READING)?.map(({ processor }) => processor) ?? []);
  const rows = [...times].map(([command, all]) => {
    const processor = median(all.map((one) => one.processor));
    const elapsed = median(all.map((one) => one.elapsed));
    return {
      command,
      'files/s': Math.round(files / elapsed),
      'us of processor time per file': (processor / files) * 1e6,
      ratio: processor / limit,
    };
  });
  report(`Copying in ${files} files of 10 KiB, compared with reading them`, rows);
} finally {
  rmSync(folder, { recursive: true });
}

function makeTree(): void {
  const bytes = Buffer.alloc(SIZE, 'small file ');
  for (let i = 0; i < FOLDERS; i++) mkdirSync(join(tree, `folder${i}`), { recursive: true });
  for (let i = 0; i < files; i++) writeFileSync(join(tree, `folder${i % FOLDERS}`, `file${i}`), bytes);
}

async function makeImage(): Promise<void> {
  const log = 2 ** Math.ceil(Math.log2((files + FOLDERS) * 544 + 8 * MIB));
  rmSync(image, { force: true });
  writeFileSync(image, '');
  truncateSync(image, log + files * SPACE + 64 * MIB);
  const argv = ['mkfs', '--quiet', '--alloc-unit', '4k', '--loglen', String(log), image];
  const { exitCode, stderr } = await runCommand(argv, { env });
  if (exitCode !== 0) throw new Error(`famfs mkfs: ${stderr}`);
}

/** Seconds that a script of bash takes, without its output. */
function timeOf(script: string): Time {
  const argv = ['-c', `TIMEFORMAT='%R %U %S'; { time { ${script}; } >/dev/null 2>&1; } 2>&1`];
  const output = execFileSync('bash', argv, { env, encoding: 'utf8' });
  const [elapsed = Number.NaN, user = Number.NaN, system = Number.NaN] = output.trim().split(' ').map(Number);
  return { elapsed, processor: user + system };
}
