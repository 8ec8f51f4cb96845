/**
 * What do long listings cost, as a multiple of `ls -lR`? Processor time of whole processes on 100,000 files, in all forms of
 * `showfmap --all`. The commands take turns; medians are compared.
 *
 * node out/bench/listing.js [--json] [--runs N]
 */
import { execFileSync } from 'node:child_process';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAMFS } from '../test/support/famfs.js';
import { runCommand } from '../test/support/runCommand.js';
import { benchFolder, median, report } from './report.js';

const FILES = 100_000;
const FOLDERS = 100;
const UNIT = 2 * 1024 ** 2;

const { values } = parseArgs({ options: { json: { type: 'boolean' }, runs: { type: 'string', default: '5' } } });
const FORMS = ['table', 'json', 'yaml', 'extents', 'v2', 'd'];
const COMMANDS = [['ls', '-lR'], ...FORMS.map((form) => ['showfmap', '--all', '--format', form])];

const folder = benchFolder();
const env = { FAMFS_SYSTEM_UUID_FILE: join(folder, 'uuid'), FAMFS_DEV: join(folder, 'pool.img') };
try {
  await fill();
  const times = COMMANDS.map((): number[] => []);
  for (let round = 0; round < Number(values.runs); round++)
    for (const [i, command] of COMMANDS.entries()) times[i]?.push(processorSeconds(command));
  const medians = times.map(median);
  const rows = COMMANDS.map((command, i) => {
    const seconds = medians[i] as number;
    return { command: command.join(' '), seconds, ratio: seconds / (medians[0] as number) };
  });
  report(`Listing ${FILES} files: processor time, compared with ls -lR`, rows);
} finally {
  rmSync(folder, { recursive: true });
}

async function fill(): Promise<void> {
  writeFileSync(env.FAMFS_DEV, '');
  truncateSync(env.FAMFS_DEV, (FILES + 100) * UNIT);
  await famfs(['mkfs', '--quiet', '--loglen', '64M', env.FAMFS_DEV]);
  await famfs(['mkdir', ...Array.from({ length: FOLDERS }, (_, i) => `folder${i}`)]);
  const list = join(folder, 'list');
  writeFileSync(list, Array.from({ length: FILES }, (_, i) => `folder${i % FOLDERS}/file${i} ${1 + i}\n`).join(''));
  await famfs(['creat', '--quiet', '--from', list]);
}

async function famfs(argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand(argv, { env });
  if (exitCode !== 0) throw new Error(`famfs ${argv[0]}: ${stderr}`);
}

/** User and system time of one run of the command, whose output is thrown away. */
function processorSeconds(command: readonly string[]): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null';
  const argv = ['-c', `{ ${script}; } 2>&1`, 'bash', process.execPath, FAMFS, ...command];
  const output = execFileSync('bash', argv, { env: { ...process.env, ...env }, encoding: 'utf8' });
  const [user, system] = output.trim().split(' ').map(Number);
  return (user ?? Number.NaN) + (system ?? Number.NaN);
}
