import assert from 'node:assert/strict';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { ConfigSetDocument } from '../../src/commands/configSet.js';
import { ConfigSandbox } from '../support/settings.js';
import { Snapshot } from '../support/snapshot.js';

function stand(): { box: ConfigSandbox; user: string } {
  const box = new ConfigSandbox();
  box.env.HOME = join(box.folder, 'home');
  return { box, user: join(box.folder, 'home/.config/famfs/config') };
}

test('config set makes the file of the user, and changes nothing else', async () => {
  const { box, user } = stand();
  assert.equal(await box.ok(['config', 'set', 'interleave.stripes', '4']), `${user}: interleave.stripes: 4\n`);
  assert.equal(readFileSync(user, 'utf8'), 'interleave:\n  stripes: 4\n');
  box.write(
    'home/.config/famfs/config',
    '# mine',
    'interleave:',
    '  stripes: 4 # four',
    '',
    '# later',
    'other: {a: 1}',
    '',
  );
  await box.ok(['config', 'set', 'interleave.chunk', '8M']);
  await box.ok(['config', 'set', 'interleave.stripes', '0x10']);
  await box.ok(['config', 'set', 'output.json', 'no']);
  const text = readFileSync(user, 'utf8');
  for (const kept of ['# mine', 'stripes: 16 # four', '  chunk: 8M', '# later', 'json: false'])
    assert.ok(text.includes(kept), text);
  assert.match(text, /other: *\{ *a: 1 *\}/);
  const rows = await box.rows();
  assert.deepEqual(
    ['interleave.stripes', 'interleave.chunk', 'output.json'].map((key) => rows.get(key)?.value),
    [16, 8 * 1024 ** 2, false],
  );
  assert.deepEqual(readdirSync(dirname(user)), ['config']);
});

test('daxdevs are stored from the root, several as a list; --unset removes them again', async () => {
  const { box, user } = stand();
  const { values } = await box.json<ConfigSetDocument>([
    'config',
    'set',
    'devices.dev',
    'a.img',
    'UUID=7aa3',
    '/dev/dax0.0',
  ]);
  const wanted = [join(box.folder, 'a.img'), 'UUID=7aa3', '/dev/dax0.0'];
  assert.deepEqual(values, wanted);
  assert.deepEqual((await box.rows()).get('devices.dev')?.value, wanted);
  await box.ok(['config', 'set', 'devices.dev', 'b: #.img']);
  assert.deepEqual((await box.rows()).get('devices.dev')?.value, [join(box.folder, 'b: #.img')]);
  const gone = await box.json<ConfigSetDocument>(['config', 'set', '--unset', 'devices.dev']);
  assert.deepEqual([gone.values, gone.written], [null, true]);
  assert.equal(readFileSync(user, 'utf8'), '');
  assert.equal((await box.json<ConfigSetDocument>(['config', 'set', '--unset', 'devices.dev'])).written, false);
});

test('a file for the reference tools keeps their names, so that they read the new value too', async () => {
  const { box } = stand();
  const system = box.write(
    'sysroot/etc/famfs.conf',
    'interleave:',
    '  nbuckets: 8',
    '  nstrips: 6',
    'core:',
    '  verbose: 2',
    '  threadct: 4',
    '',
  );
  const before = await box.rows('--no-verbose');
  assert.deepEqual(
    ['interleave.stripes', 'transfer.threads', 'output.verbose'].map((key) => before.get(key)?.value),
    [6, 4, true],
  );
  await box.ok(['config', 'set', '--system', 'interleave.stripes', '3']);
  await box.ok(['config', 'set', '--system', 'output.verbose', 'false']);
  assert.equal(
    readFileSync(system, 'utf8'),
    'interleave:\n  nbuckets: 8\n  nstrips: 3\ncore:\n  verbose: 0\n  threadct: 4\n',
  );
});

test('mode and link of the file stay; a dry run and a refusal change nothing', async () => {
  const { box, user } = stand();
  const real = box.write('dotfiles/famfs', 'interleave:', '  stripes: 2', '');
  chmodSync(real, 0o640);
  box.write('home/.config/famfs/x');
  symlinkSync(real, user);
  await box.ok(['config', 'set', 'interleave.stripes', '3']);
  assert.ok(lstatSync(user).isSymbolicLink());
  assert.deepEqual([statSync(real).mode & 0o777, readFileSync(real, 'utf8')], [0o640, 'interleave:\n  stripes: 3\n']);
  box.write('old.conf', '[interleave]', 'stripes = 2');
  box.write('bad.conf', 'interleave: &a', '  stripes: 2');
  const before = new Snapshot(box.folder);
  assert.match(
    await box.ok(['config', 'set', '-n', 'interleave.stripes', '4']),
    /^would change .*config: interleave\.stripes: 4\n$/,
  );
  assert.equal((await box.json<ConfigSetDocument>(['config', 'set', '-n', 'interleave.stripes', '4'])).written, false);
  const refused: [code: string, argv: string[]][] = [
    ['USAGE', ['interleave.stripes']],
    ['USAGE', ['interleave.stripes', '17']],
    ['USAGE', ['interleave.stripes', 'x']],
    ['USAGE', ['interleave.stripes', '']],
    ['USAGE', ['interleave.stripes', '1', '2']],
    ['USAGE', ['interleave.chunk', '2MB']],
    ['USAGE', ['interleave.policy', 'best']],
    ['USAGE', ['output.json', 'maybe']],
    ['USAGE', ['output.none', 'x']],
    ['USAGE', ['devices.dev', '']],
    ['USAGE', ['--unset', 'interleave.stripes', '2']],
    ['USAGE', ['--system', '--file', 'x', 'interleave.stripes', '2']],
    ['BAD_CONFIG', ['--file', 'old.conf', 'interleave.stripes', '2']],
    ['BAD_CONFIG', ['--file', 'bad.conf', 'interleave.stripes', '2']],
    ['BAD_CONFIG', ['--file', '.', 'interleave.stripes', '2']],
    ['CANNOT_WRITE', ['--file', '/proc/none/x', 'interleave.stripes', '2']],
  ];
  for (const [code, argv] of refused)
    assert.equal((await box.error(['config', 'set', ...argv])).code, code, argv.join(' '));
  assert.deepEqual(before.changes(), []);
  assert.ok(!existsSync(join(box.folder, 'sysroot')));
});

test('a value that another place overrides is set with a warning, and a broken one elsewhere does not hinder it', async () => {
  const { box } = stand();
  box.env.FAMFS_STRIPES = '5';
  assert.match(
    (await box.run(['config', 'set', 'interleave.stripes', '4'])).stderr,
    /comes from FAMFS_STRIPES, whatever/,
  );
  box.env.FAMFS_STRIPES = '';
  // its name begins with that of the user's file
  box.write('home/.config/famfs/config2', 'interleave:', '  stripes: 6', '');
  box.env.FAMFS_CONFIG = join(box.folder, 'home/.config/famfs/config2');
  assert.match(
    (await box.run(['config', 'set', 'interleave.stripes', '4'])).stderr,
    /comes from .*config2:2, whatever/,
  );
  box.env.FAMFS_JSON = 'maybe';
  assert.equal((await box.run(['config', 'list'])).exitCode, 1);
  assert.equal((await box.run(['config', 'set', 'interleave.chunk', '4M'])).exitCode, 0);
});
