/** Where settings come from, which wins, and what is refused. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Sandbox } from '../support/sandbox.js';

interface Row {
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
  readonly inForce: boolean;
}

class ConfigSandbox extends Sandbox {
  /** Writes a file of the sandbox, and returns its path. */
  write(name: string, ...lines: string[]): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, lines.join('\n'));
    return path;
  }

  async rows(...options: string[]): Promise<Map<string, Row>> {
    const { settings } = await this.json<{ settings: Row[] }>(['config', 'list', ...options]);
    return new Map(settings.map((row) => [row.key, row]));
  }
}

test('later places override earlier ones, and each value says where it is from', async () => {
  const box = new ConfigSandbox();
  box.env.HOME = join(box.folder, 'home');
  const system = box.write('sysroot/etc/famfs.conf', '[interleave]', 'stripes = 2', 'chunk = 4M', 'policy = fill');
  const user = box.write('home/.config/famfs/config', '# mine', '[Interleave]', '  Stripes = 3 ; three', 'chunk=8M');
  const named = box.write('own.conf', '[interleave]', 'stripes = "4"');
  const [stripes, chunk, policy] = ['interleave.stripes', 'interleave.chunk', 'interleave.policy'] as const;
  const of = (row: Row | undefined) => [row?.value, row?.origin];

  assert.deepEqual(of((await box.rows()).get(stripes)), [3, `${user}:3`]);
  box.env.FAMFS_CONFIG = 'own.conf';
  let rows = await box.rows();
  assert.deepEqual(of(rows.get(stripes)), [4, `${named}:2`]);
  assert.deepEqual(of(rows.get(chunk)), [8 * 1024 ** 2, `${user}:4`]);
  assert.deepEqual(of(rows.get(policy)), ['fill', `${system}:4`]);
  assert.deepEqual(of(rows.get('output.color')), ['auto', 'default']);
  box.env.FAMFS_STRIPES = '5';
  rows = await box.rows();
  assert.deepEqual(of(rows.get(stripes)), [5, 'FAMFS_STRIPES']);

  const { settings } = await box.json<{ settings: Row[] }>(['config', 'list', '--all']);
  const places = settings.filter(({ key }) => key === stripes);
  assert.deepEqual(
    places.map(({ value, inForce }) => [value, inForce]),
    [
      [2, false],
      [3, false],
      [4, false],
      [5, true],
    ],
  );
  assert.match(await box.ok(['config', 'list']), /^interleave\.stripes +5 +FAMFS_STRIPES$/m);
});

test('new files are interleaved as configured, and options win', async () => {
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

test('devices may be configured, several, relative to the file', async () => {
  const box = new ConfigSandbox();
  const first = box.image('one.img', 2 ** 30);
  await box.ok(['mkfs', first]);
  box.env.FAMFS_CONFIG = box.write('conf/famfs.conf', '[devices]', 'dev = ../one.img', 'dev = "/nowhere/it is"');
  const { value, origin } = (await box.rows()).get('devices.dev') as Row;
  assert.deepEqual(value, [first, '/nowhere/it is']);
  assert.equal(origin, `${box.env.FAMFS_CONFIG}:3`);
  assert.equal((await box.error(['ls'])).code, 'DEVICE_OPEN');
  box.write('conf/famfs.conf', '[devices]', 'dev = ../one.img');
  await box.ok(['creat', '-s', '1M', 'x']);
  assert.equal(await box.ok(['ls']), 'x\n');
  box.env.FAMFS_DEV = '/nowhere/else';
  assert.match((await box.error(['ls'])).message, /nowhere\/else/);
});

test('output is as configured, and options win', async () => {
  const box = new ConfigSandbox();
  await box.makeFs();
  box.env.FAMFS_CONFIG = box.write('famfs.conf', '[output]', 'json = yes', 'quiet = true', 'color = always');
  assert.deepEqual(JSON.parse(await box.ok(['ls'])), { entries: [] });
  const { stderr } = await box.run(['ls', '/none']);
  assert.equal(JSON.parse(stderr).error.code, 'NO_ENTRY');
  assert.match((await box.run(['ls', '--no-json', '/none'])).stderr, /^famfs ls: /);
  assert.ok((await box.ok(['df', '--no-json'])).includes('\u001b[1m'));
  assert.ok(!(await box.ok(['df', '--no-json', '--color', 'never'])).includes('\u001b'));
  box.image('small.img', 2 ** 30);
  assert.equal((await box.run(['mkfs', 'small.img'])).stderr, '');
  assert.match((await box.run(['mkfs', '-F', '--no-quiet', 'small.img'])).stderr, /SMALL_DEVICE/);
});

const WRONG: readonly (readonly [what: string, line: string, message: RegExp])[] = [
  ['an unknown key', '[interleave]\nstripe = 4', /famfs\.conf:2: there is no key interleave\.stripe/],
  ['a key of no section', 'stripes = 4', /famfs\.conf:1: 'stripes = 4' stands before/],
  ['a line of another kind', '[interleave]\nstripes 4', /famfs\.conf:2: 'stripes 4' is neither/],
  ['an open quote', '[devices]\ndev = "a', /famfs\.conf:2:/],
  ['a value left out', '[interleave]\nstripes =', /famfs\.conf:2:/],
  ['too many stripes', '[interleave]\nstripes = 17', /famfs\.conf:2: interleave\.stripes: '17' is too large/],
  ['a decimal unit', '[interleave]\nchunk = 2MB', /famfs\.conf:2: interleave\.chunk: '2MB' is not a size/],
  ['an unknown policy', '[interleave]\npolicy = best', /famfs\.conf:2: interleave\.policy: 'best' is not allowed/],
  ['a word for a truth', '[output]\njson = maybe', /famfs\.conf:2: output\.json: 'maybe' is neither/],
];

for (const [what, text, message] of WRONG) {
  test(`${what} is refused with file and line`, async () => {
    const box = new ConfigSandbox();
    box.env.FAMFS_CONFIG = box.write('famfs.conf', text);
    const error = await box.error(['config', 'list']);
    assert.deepEqual([error.code, error.exitCode], ['BAD_CONFIG', 1]);
    assert.match(error.message, message);
    assert.equal((await box.run(['config', 'list', '--help'])).exitCode, 0);
  });
}

test('a file that FAMFS_CONFIG names must be there, the others need not', async () => {
  const box = new ConfigSandbox();
  box.env.HOME = join(box.folder, 'nobody');
  assert.equal((await box.rows()).get('interleave.stripes')?.value, null);
  box.env.FAMFS_CONFIG = '/nowhere/famfs.conf';
  assert.equal((await box.error(['config', 'list'])).code, 'BAD_CONFIG');
});
