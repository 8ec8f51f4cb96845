import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ListDocument } from '../../src/commands/list.js';
import { PoolSandbox } from '../support/pool.js';
import { MIB, OTHER_UUID } from '../support/sandbox.js';

test('list prints what is in a directory: pools with their daxdevs, and single images', async () => {
  const box = new PoolSandbox();
  const paths = box.images(64, 64);
  await box.ok(['mkfs', '--label', 'two words', ...paths]);
  await box.ok(['creat', '--dev', 'p0.img', '-s', '8M', '--stripes', '2', 'x']);
  box.becomeHost(OTHER_UUID);
  await box.ok(['mkfs', box.image('single.img', 64 * MIB)]);
  writeFileSync(box.path('other'), 'x'.repeat(4096));
  const { fileSystems, unopened } = await box.json<ListDocument>(['list', '.']);
  assert.deepEqual(
    fileSystems.map(({ label, role, members, membersFound, size, used, mountPoints, problem }) => [
      label,
      role,
      members,
      membersFound,
      size,
      used,
      mountPoints,
      problem,
    ]),
    [
      ['two words', 'Client', 2, 2, 128 * MIB, 8 * MIB, [], null],
      [null, 'Master', 1, 1, 64 * MIB, 0, [], null],
    ],
  );
  assert.deepEqual(
    fileSystems[0]?.daxdevs.map(({ daxdev, path, role, used }) => [daxdev, path, role, used]),
    paths.map((path, i) => [i, path, i === 0 ? 'primary' : 'secondary', 4 * MIB]),
  );
  assert.deepEqual(unopened, []);
  const text = await box.ok(['list', '.']);
  assert.match(text, /^pool +two words +Client +2 of 2 +128M +8M/m);
  assert.match(text, /└─\S+p1\.img +secondary +64M +4M/);
  assert.match(text, /^\S+single\.img +- +Master +1 of 1/m);
  assert.match(await box.ok(['list', '-b', 'single.img']), / 67108864 /);
});

test('a secondary alone leads to its pool, and what is missing or unlisted is said', async () => {
  const box = new PoolSandbox();
  const [primary = '', second = '', third = ''] = await box.makePool(64, 64, 64);
  const whole = await box.json<ListDocument>(['list', second]);
  assert.equal(whole.fileSystems[0]?.membersFound, 3);
  assert.equal((await box.json<ListDocument>(['list', primary, primary])).fileSystems.length, 1);
  mkdirSync(box.path('away'));
  renameSync(third, box.path('away/third.img'));
  const [pool] = (await box.json<ListDocument>(['list', second])).fileSystems;
  assert.deepEqual([pool?.members, pool?.membersFound, pool?.daxdevs[2]?.state], [3, 2, 'missing']);
  assert.match(await box.ok(['list', second]), /daxdev 2 \(missing\)/);
  rmSync(primary);
  const [lost] = (await box.json<ListDocument>(['list', second])).fileSystems;
  assert.deepEqual(
    [lost?.members, lost?.membersFound, lost?.size, lost?.daxdevs[0]?.state],
    [null, 1, null, 'unlisted'],
  );
  assert.match(lost?.problem ?? '', /primary is not on this host/);
  assert.match(await box.ok(['list', second]), /1 of \?[\s\S]*: .*primary is not on this host/);
  renameSync(box.path('away/third.img'), third);
  assert.equal((await box.json<ListDocument>(['list', second, third])).fileSystems.length, 1);
});

test('without PATH, list looks at /dev/dax*, the configuration and the mounts', async () => {
  const box = new PoolSandbox();
  assert.match(await box.ok(['list']), /no famfs on this host/);
  const dev = join(box.env.FAMFS_SYSROOT as string, 'dev');
  mkdirSync(dev, { recursive: true });
  const [first = ''] = box.images(64);
  await box.ok(['mkfs', '--label', 'a', first]);
  symlinkSync(first, join(dev, 'dax0.0'));
  writeFileSync(join(dev, 'dax1.0'), '');
  box.env.FAMFS_DEV = box.image('b.img', 64 * MIB);
  await box.ok(['mkfs', '--label', 'b', box.env.FAMFS_DEV]);
  const proc = join(box.env.FAMFS_SYSROOT as string, 'proc');
  mkdirSync(proc, { recursive: true });
  writeFileSync(join(proc, 'mounts'), `${first} /mnt/a famfs rw 0 0\n`);
  const { fileSystems, unopened } = await box.json<ListDocument>(['list']);
  assert.deepEqual(
    fileSystems.map(({ label, mountPoints }) => [label, mountPoints]),
    [
      ['a', ['/mnt/a']],
      ['b', []],
    ],
  );
  assert.deepEqual(
    unopened.map(({ path }) => path),
    [join(dev, 'dax1.0')],
  );
  assert.match(await box.ok(['list']), /dax1\.0: cannot be opened: /);
});

test('a shell reads back what --export prints', async () => {
  const box = new PoolSandbox();
  const label = `a b$(c)'"\\;é`;
  await box.ok(['mkfs', '--label', label, box.image('x y.img', 64 * MIB)]);
  const text = await box.ok(['list', '--export', '.']);
  const script = `${text}\nprintf '%s\\0' "$DEVNAME" "$LABEL" "$TYPE" "$FAMFS_DAXDEV"`;
  const { stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  assert.deepEqual(stdout.split('\0'), [box.path('x y.img'), label, 'famfs', '0', ''], stderr);
  assert.equal((await box.error(['list', '--export', '.'])).code, 'USAGE');
  assert.equal((await box.run(['list', '--export', '--bytes', '.'])).exitCode, 2);
});

test('a named path that cannot be opened is an error', async () => {
  const box = new PoolSandbox();
  assert.equal((await box.error(['list', 'nothing.img'])).code, 'DEVICE_OPEN');
});
