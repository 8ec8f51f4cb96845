/** Programs that people use, on a mount: fio, rsync, tar and cp. Each is skipped where it is not installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAMFS } from '../../support/famfs.js';
import { PoolSandbox } from '../../support/pool.js';
import { Random } from '../../support/random.js';
import { makeMountPoint, mount, needsFuse, sh, unmount } from '../../support/realMount.js';
import { until } from '../../support/servedStand.js';
import { makeTree, readTree } from '../../support/tree.js';

const LONG = process.env.FAMFS_TEST_LONG !== undefined;
const FILES = LONG ? 10_000 : 60;

const sandbox = new PoolSandbox();
// sparse; each file of a tree takes an allocation unit of 2 MiB, and an entry of the log
const images = sandbox.images(LONG ? 100_000 : 4096, LONG ? 100_000 : 4096);
await sandbox.ok(['mkfs', '--quiet', '--loglen', LONG ? '64M' : '8M', ...images]);
sandbox.env.FAMFS_DEV = images[0] as string;

/** Skips where there is no FUSE, or no such program. */
function needs(program: string): { skip: string | false } {
  const found = spawnSync('which', [program]).status === 0;
  return { skip: needsFuse().skip || (found ? false : `${program} is not installed`) };
}

const JOBS = [
  { striped: false, cache: 'auto', engine: 'mmap' },
  { striped: true, cache: 'none', engine: 'psync' },
  { striped: false, cache: 'auto', engine: 'psync' },
  { striped: false, cache: 'none', engine: 'psync' },
  { striped: false, cache: 'none', engine: 'mmap' },
  { striped: true, cache: 'auto', engine: 'psync' },
  { striped: true, cache: 'auto', engine: 'mmap' },
  { striped: true, cache: 'none', engine: 'mmap' },
] as const;

for (const { striped, cache, engine } of JOBS.slice(0, LONG ? JOBS.length : 2)) {
  const name = striped ? 'striped' : 'plain';
  test(`fio verifies what it writes: ${name} file, ${engine}, cache ${cache}`, needs('fio'), async () => {
    const file = `${name}-${cache}-${engine}`;
    const size = LONG ? '64M' : '4M';
    await sandbox.ok(['creat', '-s', size, '--zero', ...(striped ? ['--stripes', '2'] : ['--simple']), file]);
    const point = makeMountPoint(sandbox);
    mount(sandbox, point, '--cache', cache);
    const job = `--name=job --filename=${point}/${file} --ioengine=${engine} --size=${size} --fallocate=none`;
    sh(sandbox, `fio ${job} --rw=randwrite --bsrange=4k-64k --verify=crc32c --do_verify=1 --fsync=64 --end_fsync=1`);
    const through = sh(sandbox, `sha256sum <${point}/${file}`);
    unmount(sandbox, point);
    // msync and the end of the mount have brought all of it to the memory
    const direct = sh(sandbox, `${FAMFS} cat ${file} | sha256sum`);
    assert.equal(direct, through);
  });
}

/** What each makes in the mount of `tree`, a copy with all that -a and -p mean: modes, owners and times are set last. */
const COPIES: Readonly<Record<string, (tree: string, to: string) => string>> = {
  cp: (tree, to) => `cp -a ${tree} ${to}`,
  tar: (tree, to) => `mkdir ${to} && tar c -C ${tree} . | tar xp -C ${to}`,
  rsync: (tree, to) => `rsync -a ${tree}/ ${to}`,
  inplace: (tree, to) => `rsync -a --inplace ${tree}/ ${to}`,
};

test(`a tree of ${FILES} files goes in by cp, tar and rsync, and comes out as it was`, needs('rsync'), async (t) => {
  const tree = join(sandbox.folder, 'tree');
  mkdirSync(tree);
  makeTree(tree, FILES, new Random(t));
  const wanted = readTree(tree);
  const point = makeMountPoint(sandbox);
  mount(sandbox, point, '--linger', '3600000');
  for (const [name, line] of Object.entries(COPIES)) {
    sh(sandbox, line('tree', `${point}/${name}`));
    // what waits for its commit needs a descriptor of the server for each file
    if (LONG) sh(sandbox, `sync ${point}`);
  }
  for (const name of Object.keys(COPIES)) assert.deepEqual(readTree(join(point, name)), wanted, name);
  unmount(sandbox, point);
  const again = makeMountPoint(sandbox);
  mount(sandbox, again, '-o', 'ro');
  // the last file may have been closed so late that the server commits it after the mount is gone
  await until(
    'all is committed',
    () => Object.keys(COPIES).every((name) => filesIn(join(again, name)) === FILES),
    LONG ? 600_000 : undefined,
  );
  for (const name of Object.keys(COPIES))
    assert.deepEqual(readTree(join(again, name)), wanted, `${name}, mounted again`);
  sh(sandbox, `rsync -r ${again}/cp/ out && diff -r tree out`);
  unmount(sandbox, again);
  assert.equal((await sandbox.fsck('-n')).errors, 0);
});

test('a directory that was just made can be entered, and stays the working directory', needsFuse(), () => {
  const point = makeMountPoint(sandbox);
  mount(sandbox, point, '--linger', '0');
  const rounds = LONG ? 2000 : 40;
  // the kernel must get no notification to forget a name that it has made itself
  sh(
    sandbox,
    `set -e; for i in $(seq ${rounds}); do mkdir ${point}/w$i; cd ${point}/w$i; [ "$(/bin/pwd)" = ${point}/w$i ]; done`,
  );
  unmount(sandbox, point);
});

function filesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}
