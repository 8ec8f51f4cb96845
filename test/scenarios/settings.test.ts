/** How configuration files change what commands do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigSandbox, type Setting } from '../support/settings.js';

test('new files are interleaved as configured, and options override that', async () => {
  const box = new ConfigSandbox();
  await box.makeFs();
  box.env.FAMFS_CONFIG = box.write('famfs.conf', '[interleave]', 'stripes = 4', 'chunk = 4M');
  await box.ok(['creat', '-s', '64M', 'a']);
  await box.ok(['creat', '-s', '64M', '--stripes', '2', '--chunk', '2M', 'b']);
  await box.ok(['creat', '-s', '64M', '--simple', 'c']);
  assert.equal((await box.error(['creat', '-s', '64M', '--simple', '--stripes', '2', 'd'])).code, 'USAGE');
  const { files } = await box.json<{ files: { chunkSize: number | null; extents: unknown[] }[] }>([
    'showfmap',
    '--all',
  ]);
  assert.deepEqual(
    files.map(({ chunkSize, extents }) => [chunkSize, extents.length]),
    [
      [4 * 1024 ** 2, 4],
      [2 * 1024 ** 2, 2],
      [null, 1],
    ],
  );
});

test('several devices may be configured, relative to the file', async () => {
  const box = new ConfigSandbox();
  const first = box.image('one.img', 2 ** 30);
  await box.ok(['mkfs', first]);
  box.env.FAMFS_CONFIG = box.write('conf/famfs.conf', '[devices]', 'dev = ../one.img', 'dev = "/nowhere/it is"');
  const { value, origin } = (await box.rows()).get('devices.dev') as Setting;
  assert.deepEqual(value, [first, '/nowhere/it is']);
  assert.equal(origin, `${box.env.FAMFS_CONFIG}:3`);
  assert.equal((await box.error(['ls'])).code, 'DEVICE_OPEN');
  box.write('conf/famfs.conf', '[devices]', 'dev = ../one.img');
  await box.ok(['creat', '-s', '1M', 'x']);
  assert.equal(await box.ok(['ls']), 'x\n');
  box.env.FAMFS_DEV = '/nowhere/else';
  assert.match((await box.error(['ls'])).message, /nowhere\/else/);
});

test('output is as configured, and options override that', async () => {
  const box = new ConfigSandbox();
  await box.makeFs();
  box.env.FAMFS_CONFIG = box.write('famfs.conf', '[output]', 'json = yes', 'quiet = true', 'color = always');
  assert.deepEqual(JSON.parse(await box.ok(['ls'])), { formatVersion: 1, entries: [], failed: [] });
  const { stderr } = await box.run(['ls', '/none']);
  assert.equal(JSON.parse(stderr).error.code, 'NO_ENTRY');
  assert.ok((await box.run(['ls', '--no-json', '/none'])).stderr.startsWith('\u001b[31mfamfs ls:\u001b[39m /none: '));
  assert.match((await box.run(['ls', '--no-json', '--color', 'never', '/none'])).stderr, /^famfs ls: \/none: /);
  assert.ok((await box.ok(['df', '--no-json'])).includes('\u001b[1m'));
  assert.ok(!(await box.ok(['df', '--no-json', '--color', 'never'])).includes('\u001b'));
  box.image('small.img', 2 ** 30);
  assert.equal((await box.run(['mkfs', 'small.img'])).stderr, '');
  assert.match((await box.run(['mkfs', '-f', '--no-quiet', 'small.img'])).stderr, /SMALL_DEVICE/);
});
