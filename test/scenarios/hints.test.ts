/** What errors and warnings tell people to do next. */
import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { PoolSandbox } from '../support/pool.js';
import { MIB, OTHER_UUID } from '../support/sandbox.js';

test('an error says which variable or configuration file names the device', async () => {
  const sandbox = new PoolSandbox();
  sandbox.env.FAMFS_DEV = 'nosuch';
  for (const argv of [['ls'], ['info'], ['creat', '-s', '1M', 'f'], ['fsck'], ['daxdev', 'resolve', OTHER_UUID]]) {
    const error = await sandbox.error(argv);
    assert.match(error.message, /nosuch: no such file.* \(named by FAMFS_DEV\)$/, argv.join(' '));
    assert.ok(!error.hint?.includes('truncate'), error.hint);
  }
  const config = join(sandbox.folder, 'my.conf');
  writeFileSync(config, '[devices]\ndev = gone.img\n');
  const env = { ...sandbox.env, FAMFS_DEV: '', FAMFS_CONFIG: config };
  assert.match((await sandbox.error(['ls'], { env })).message, /gone\.img: .* \(named by .*my\.conf:2\)$/);
  const given = await sandbox.error(['ls', '--dev', 'gone.img']);
  assert.ok(!given.message.includes('named by'), given.message);
  sandbox.env.FAMFS_DEV = sandbox.image('blank.img', 64 * MIB);
  const blank = await sandbox.error(['ls']);
  assert.match(blank.message, /^no famfs on .*blank\.img \(named by FAMFS_DEV\)$/);
  assert.match(blank.hint ?? '', /make one with famfs mkfs/);
});

test('only what makes something says how an image is made', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64);
  sandbox.image('empty', 0);
  for (const name of ['nosuch', 'empty'])
    for (const argv of [
      ['mkfs', name],
      ['daxdev', 'add', name],
    ])
      assert.match((await sandbox.error(argv)).hint ?? '', /truncate -s 16G/, argv.join(' '));
  for (const name of ['nosuch', 'empty'])
    for (const argv of [
      ['ls', '--dev', name],
      ['df', name],
      ['fsck', name],
      ['whois', name, '0'],
    ])
      assert.ok(!/truncate/.test((await sandbox.error(argv)).hint ?? ''), argv.join(' '));
});

test('what there is no command for is answered by what to do instead', async () => {
  const sandbox = new PoolSandbox();
  for (const [words, hint] of [
    ['touch f', /creat/],
    ['ln a b', /no links/],
    ['daxdev rm x', /famfs daxdev remove/],
    ['help daxdev rm', /famfs daxdev remove/],
  ] as const) {
    const { exitCode, stderr } = await sandbox.run(words.split(' '));
    assert.equal(exitCode, 2);
    assert.match(stderr, /there is no command '/);
    assert.match(stderr, hint);
  }
});

test('NO_SPACE advises only what may help', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64, 64);
  const hint = async (...argv: string[]) => (await sandbox.error(['creat', ...argv, 'f'])).hint;
  assert.equal(await hint('-s', '4G'), 'make it smaller or add a daxdev');
  assert.equal(await hint('-s', '100M', '--contiguous'), 'make it smaller, leave out --contiguous, or add a daxdev');
  assert.equal(await hint('-s', '4G', '--contiguous'), 'make it smaller or add a daxdev');
  assert.equal(await hint('-s', '4G', '--stripes', '2'), 'make it smaller or add a daxdev');
  assert.equal(
    await hint('-s', '100M', '--daxdevs', '1'),
    'make it smaller, allow more with --daxdevs, or add a daxdev',
  );
  // 16 strips of a chunk each take 128 MiB of the 116 that there are, the bytes alone only 72
  assert.equal(
    await hint('-s', '72M', '--stripes', '16', '--chunk', '8M'),
    'make it smaller, use fewer strips or --simple, or add a daxdev',
  );
});

test('a missing daxdev is named by its uuid, with what to do', async () => {
  const sandbox = new PoolSandbox();
  const paths = await sandbox.makePool(64, 64);
  const uuid = (await sandbox.list()).daxdevs[1]?.uuid as string;
  await sandbox.ok(['creat', '-s', '4M', '--daxdevs', '1', 'f']);
  renameSync(paths[1] as string, join(sandbox.folder, 'away'));
  writeFileSync(join(sandbox.folder, 'away'), '');
  for (const argv of [
    ['info'],
    ['df'],
    ['verify', '--seed', '1', 'f'],
    ['creat', '-s', '4M', 'g'],
    ['daxdev', 'list'],
    ['ls'],
  ]) {
    const { stderr } = await sandbox.run(argv);
    assert.ok(stderr.includes(uuid) && stderr.includes('--dev'), `${argv.join(' ')}: ${stderr}`);
  }
  assert.ok((await sandbox.run(['info', '-q'])).stdout.includes(`missing, 64M, uuid ${uuid}`));
  const { message, hint } = await sandbox.error(['verify', '--seed', '1', 'f']);
  assert.ok(message.includes(uuid));
  assert.match(hint ?? '', /attach it, or name its image with --dev/);
});

test('tables of pools fit a terminal of 80 columns', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64, 64, 64);
  await sandbox.ok(['creat', '-s', '4M', '--stripes', '3', 'f']);
  for (const argv of [
    ['daxdev', 'list', '-h'],
    ['daxdev', 'list'],
    ['df'],
    ['config', 'list'],
    ['resolve', 'f', '--window', '8M'],
  ]) {
    for (const columns of [60, 80, 200]) {
      const stdout = Object.assign(new PassThrough(), { columns });
      const { exitCode } = await sandbox.run(argv, { terminal: true, stdout, env: { ...sandbox.env, NO_COLOR: '1' } });
      assert.equal(exitCode, 0);
      const lines = String(stdout.read()).split('\n');
      // what is one word, such as a path, is never cut
      const long = lines.filter((line) => [...line].length > columns && line.trim().includes('  '));
      assert.deepEqual(long, [], `${argv.join(' ')} in ${columns} columns`);
      if (columns === 200) assert.match(lines[0] ?? '', /^┌/);
    }
  }
  const stdout = Object.assign(new PassThrough(), { columns: 80 });
  await sandbox.run(['daxdev', 'list', '-h', '--color', 'never'], { terminal: true, stdout });
  const [head, uuids] = String(stdout.read()).split('\n');
  assert.match(head ?? '', /daxdev .*state .*largest hole$/);
  assert.match(uuids ?? '', /^ {4}uuid +path$/);
});

test('messages about a pool of many daxdevs are short', async () => {
  const sandbox = new PoolSandbox();
  const paths = sandbox.images(...Array<number>(24).fill(16));
  const { stderr } = await sandbox.run(['mkfs', ...paths]);
  assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  assert.match(stderr, /p0\.img has 16777216 bytes.* and 20 more; the reference tools refuse less than 4 GiB/);
  sandbox.env.FAMFS_DEV = paths[0] as string;
  const full = await sandbox.run(['creat', '-s', '4G', 'f']);
  assert.equal(full.exitCode, 1);
  assert.ok(full.stderr.length < 300, full.stderr);
  assert.match(full.stderr, /: 24 daxdevs: 343932928 free, largest hole 14680064 on daxdev 1;/);
  const error = (await sandbox.error(['creat', '-s', '4G', 'f'])) as unknown as { daxdevs: unknown[] };
  assert.equal(error.daxdevs.length, 24);
  for (const path of paths.slice(1)) writeFileSync(path, '');
  const missing = await sandbox.run(['ls']);
  assert.match(missing.stderr, /23 of the 24 daxdevs of the pool cannot be used: .*; and 19 more; attach it/);
  assert.ok(missing.stderr.length < 600, missing.stderr);
});
