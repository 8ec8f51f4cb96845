/** Two hosts that have one file system mounted: what the Master makes through its mount is read through the Client's. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PoolSandbox } from '../../support/pool.js';
import { Random } from '../../support/random.js';
import { famfs, makeMountPoint, mount, needsFuse, sh, startIn, unmount } from '../../support/realMount.js';
import { OTHER_UUID } from '../../support/sandbox.js';
import { until } from '../../support/servedStand.js';

const LONG = process.env.FAMFS_TEST_LONG !== undefined;
const FILES = LONG ? 1_000 : 30;

/** what each reader and writer runs */
const TRAFFIC = fileURLToPath(new URL('traffic.js', import.meta.url));

/** Another host with the same memory: its own system uuid, and mount table without the mounts of this one. */
function otherHost(of: PoolSandbox): PoolSandbox {
  const other = new PoolSandbox(OTHER_UUID);
  const proc = join(other.folder, 'sysroot/proc/self');
  mkdirSync(proc, { recursive: true });
  copyFileSync('/proc/self/mountinfo', join(proc, 'mountinfo'));
  other.env.FAMFS_DEV = of.env.FAMFS_DEV as string;
  return other;
}

test(`the Client lists and reads ${FILES} files while the Master makes them`, needsFuse(), async (t) => {
  const master = new PoolSandbox();
  await master.makePool(LONG ? 4096 : 256, LONG ? 4096 : 256);
  const random = new Random(t);
  const tree = join(master.folder, 'tree');
  mkdirSync(tree);
  const wanted = new Map<string, Buffer>();
  for (let i = 0; i < FILES; i++) {
    const bytes = random.bytes(random.within(1, 100_000));
    wanted.set(`f${i}`, bytes);
    writeFileSync(join(tree, `f${i}`), bytes);
  }
  const from = makeMountPoint(master);
  mount(master, from, '--linger', '0', '--stripes', '2', '--chunk', '2M');
  const client = otherHost(master);
  const to = makeMountPoint(client);
  mount(client, to, '--refresh', '20');
  const copying = startIn(master, 'bash', ['-ec', `mkdir ${from}/d && for f in tree/*; do cp $f ${from}/d/; done`]);

  const seen = new Set<string>();
  const readNew = () => {
    const before = seen.size;
    for (const name of namesIn(join(to, 'd'))) {
      if (seen.has(name)) continue;
      // A name that is there is a whole file: nothing is appended before the bytes are in memory
      assert.ok(readFileSync(join(to, 'd', name)).equals(wanted.get(name) as Buffer), name);
      seen.add(name);
    }
    return seen.size > before;
  };
  while (seen.size < FILES) await until(`more than ${seen.size} files on the Client`, readNew, 60_000);
  assert.equal(await copying, 0);
  assert.notEqual(famfs(client, 'mkdir', '--dev', to, 'e').exitCode, 0);
  sh(client, `umount ${to}`);
  unmount(master, from);
  assert.equal((await master.fsck('-n')).errors, 0);
});

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

test('readers on both hosts see no word that was never written there', needsFuse(), async () => {
  const master = new PoolSandbox();
  await master.makePool(64, 64);
  await master.ok(['creat', '-s', '6M', '--zero', '--mode', '0666', '--stripes', '2', '--chunk', '2M', 'shared']);
  const from = makeMountPoint(master);
  mount(master, from);
  const client = otherHost(master);
  const to = makeMountPoint(client);
  mount(client, to, '--cache', 'none');
  const readers = LONG ? 4 : 1;
  const milliseconds = LONG ? 60_000 : 500;
  const start = (host: PoolSandbox, point: string, role: string) =>
    startIn(host, process.execPath, [TRAFFIC, role, join(point, 'shared'), String(milliseconds)]);
  const roles = ['even', 'odd', ...Array<string>(readers).fill('reader')];
  // the writers share the Master's mount; half of the readers have the Client's, where each read is from memory
  const exits = await Promise.all([
    ...roles.map((role) => start(master, from, role)),
    ...Array.from({ length: readers }, () => start(client, to, 'reader')),
  ]);
  assert.deepEqual([...new Set(exits)], [0]);
  sh(client, `umount ${to}`);
  unmount(master, from);
});
