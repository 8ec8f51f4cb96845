/** A mount of a file system with an allocation unit of 4 KiB: small files go in and out as any other. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAMFS } from '../../support/famfs.js';
import { PoolSandbox } from '../../support/pool.js';
import { Random } from '../../support/random.js';
import { makeMountPoint, mount, needsFuse, sh, unmount } from '../../support/realMount.js';
import { until } from '../../support/servedStand.js';
import { makeTree, readTree } from '../../support/tree.js';

const FILES = 40;

test('small files are read, mapped, written and made through a mount', needsFuse(), async (t) => {
  const box = new PoolSandbox();
  const paths = box.images(64, 64);
  await box.ok(['mkfs', '--quiet', '--alloc-unit', '4k', ...paths]);
  box.env.FAMFS_DEV = paths[0] as string;
  await box.ok(['creat', '-s', '10k', '--seed', '1', 'a', 'b']);
  await box.ok(['creat', '-s', '3000000', '--seed', '1', 'large']);
  await box.ok(['creat', '-s', '100k', '--stripes', '2', '--chunk', '16k', '--seed', '1', 'striped']);
  const tree = join(box.folder, 'tree');
  mkdirSync(tree);
  makeTree(tree, FILES, new Random(t));
  const point = makeMountPoint(box);
  mount(box, point, '--linger', '3600000');
  for (const name of ['a', 'large', 'striped'])
    assert.equal(sh(box, `sha256sum <${point}/${name}`), sh(box, `${FAMFS} cat ${name} | sha256sum`), name);
  // a neighbour in the same huge page is left alone
  sh(box, `head -c 10240 /dev/zero | dd of=${point}/a bs=1000 conv=notrunc status=none`);
  sh(box, `cp -a tree ${point}/tree`);
  assert.deepEqual(readTree(join(point, 'tree')), readTree(tree));
  unmount(box, point);
  await until('all is committed', async () => (await box.entries()).length > FILES);
  await box.ok(['verify', '--seed', '1', 'b', 'large', 'striped']);
  assert.equal(sh(box, `${FAMFS} cat a | tr -d '\\0' | wc -c`).trim(), '0');
  await box.ok(['get', '-r', 'tree', 'out']);
  sh(box, 'diff -r tree out');
  const { used, fileBytes } = await box.json<{ used: number; fileBytes: number }>(['df']);
  assert.ok(used < fileBytes * 1.1, `${used} bytes for files of ${fileBytes}`);
  assert.equal((await box.fsck('-n')).errors, 0);
});
