import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ConfigMigrateDocument } from '../../src/commands/configMigrate.js';
import { ConfigSandbox } from '../support/settings.js';
import { Snapshot } from '../support/snapshot.js';

const OLD = [
  '# mine',
  '; too',
  '[Interleave]',
  '  Stripes = 3 ; three',
  'chunk="8M"',
  '[devices]',
  '# first',
  'dev = a # b.img',
  'dev = "/dev/x: \\"y\\""',
  '[interleave]',
  'stripes = 4',
  '[output]',
  '',
];

test('an old file is read with a warning, and converted with its comments; the old one is kept', async () => {
  const box = new ConfigSandbox();
  box.env.HOME = join(box.folder, 'home');
  const path = box.write('home/.config/famfs/config', ...OLD);
  const { stderr } = await box.run(['config', 'list']);
  assert.match(stderr, /config is in the format of older versions; convert it with: famfs config migrate$/m);
  const values = async () => [...(await box.rows()).values()].map(({ key, value }) => [key, value]);
  const before = await values();
  const untouched = new Snapshot(box.folder);
  const dry = await box.json<ConfigMigrateDocument>(['config', 'migrate', '-n']);
  assert.match(await box.ok(['config', 'migrate', '-n']), /would be:\n# mine\n# too\ninterleave:\n {2}chunk: 8M\n/);
  assert.deepEqual(untouched.changes(), []);
  const { files, written } = await box.json<ConfigMigrateDocument>(['config', 'migrate']);
  assert.deepEqual([written, dry.written, files], [true, false, dry.files]);
  const text = readFileSync(path, 'utf8');
  assert.equal(text, files[0]?.text);
  assert.ok(text.includes('devices:\n  # first\n  dev:\n    - a\n    - "/dev/x: \\"y\\""\n'), text);
  assert.equal(readFileSync(`${path}.ini`, 'utf8'), OLD.join('\n'));
  assert.equal(statSync(`${path}.ini`).mode & 0o777, 0o600);
  assert.deepEqual(await values(), before);
  assert.equal((await box.run(['config', 'list'])).stderr, '');
  assert.equal(await box.ok(['config', 'migrate']), 'no file has the old format\n');
  assert.equal(await box.ok(['config', 'migrate', path]), `${path} is YAML already\n`);
});

test('a run that was stopped is completed: the copy may have the whole old file or its beginning', async () => {
  const text = OLD.slice(2, 5).join('\n');
  for (const left of ['', text.slice(0, 15), text]) {
    const box = new ConfigSandbox();
    const path = box.write('one', text);
    writeFileSync(`${path}.ini`, left);
    await box.ok(['config', 'migrate', 'one']);
    assert.equal(readFileSync(`${path}.ini`, 'utf8'), text, JSON.stringify(left));
    assert.match(readFileSync(path, 'utf8'), /^interleave:$/m);
  }
});

test('nothing is converted over an older copy, or if the old file is wrong', async () => {
  const box = new ConfigSandbox();
  box.write('one', '[interleave]', 'stripes = 2');
  box.write('one.ini', 'kept');
  box.write('longer', '[interleave]', 'stripes = 2');
  box.write('longer.ini', '[interleave]', 'stripes = 2', 'chunk = 2M');
  box.write('linked', '[interleave]', 'stripes = 2');
  symlinkSync('linked', join(box.folder, 'linked.ini'));
  box.write('occupied', '[interleave]', 'stripes = 2');
  mkdirSync(join(box.folder, 'occupied.ini'));
  box.write('bad', '[interleave]', 'stripes 2');
  const before = new Snapshot(box.folder);
  for (const name of ['one', 'longer', 'linked', 'occupied'])
    assert.equal((await box.error(['config', 'migrate', name])).code, 'EXISTS', name);
  assert.equal((await box.error(['config', 'migrate', 'bad'])).code, 'BAD_CONFIG');
  assert.equal((await box.error(['config', 'migrate', 'none'])).code, 'BAD_CONFIG');
  assert.deepEqual(before.changes(), []);
});
