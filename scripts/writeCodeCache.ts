import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cacheOf, compile, twice } from '../src/codeCache.js';

const file = resolve(process.argv[2] ?? '');

/** Runs what most calls need, because V8 caches the code of functions that have run. */
const folder = mkdtempSync(join(tmpdir(), 'famfs-cache-'));
process.env.FAMFS_SYSTEM_UUID_FILE = join(folder, 'system_uuid');
process.env.FAMFS_DEV = join(folder, 'image');
writeFileSync(process.env.FAMFS_DEV, '');
truncateSync(process.env.FAMFS_DEV, 2 ** 26);

const commands = [
  ['mkfs', '--quiet', process.env.FAMFS_DEV],
  ['creat', '--size', '2M', '/a'],
  ['ls', '-l'],
  ['ls', '--json'],
];
const { script, run } = compile(file);
const { main } = run() as typeof import('../src/main.js');
try {
  for (const argv of commands) {
    const exitCode = await main('famfs', argv);
    if (exitCode !== 0) throw new Error(`famfs ${argv.join(' ')} exited ${exitCode}`);
  }
  writeFileSync(cacheOf(file), twice(script.createCachedData()));
} finally {
  rmSync(folder, { recursive: true });
}
