/** Where settings come from, which of them wins, and what is refused. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigSandbox, type Setting } from '../support/settings.js';

test('later sources override earlier ones, and each value names its source', async () => {
  const box = new ConfigSandbox();
  box.env.HOME = join(box.folder, 'home');
  const system = box.write('sysroot/etc/famfs.conf', '[interleave]', 'stripes = 2', 'chunk = 4M', 'policy = fill');
  const user = box.write('home/.config/famfs/config', '# mine', '[Interleave]', '  Stripes = 3 ; three', 'chunk=8M');
  const named = box.write('own.conf', '[interleave]', 'stripes = "4"');
  const [stripes, chunk, policy] = ['interleave.stripes', 'interleave.chunk', 'interleave.policy'] as const;
  const of = (row: Setting | undefined) => [row?.value, row?.origin];

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

  const { settings } = await box.json<{ settings: Setting[] }>(['config', 'list', '--all']);
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

const WRONG: readonly (readonly [what: string, line: string, message: RegExp])[] = [
  ['an unknown key', '[interleave]\nstripe = 4', /famfs\.conf:2: unknown key interleave\.stripe/],
  ['a key of no section', 'stripes = 4', /famfs\.conf:1: 'stripes = 4' comes before/],
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

test('the file that FAMFS_CONFIG names must exist, the others need not', async () => {
  const box = new ConfigSandbox();
  box.env.HOME = join(box.folder, 'nobody');
  assert.equal((await box.rows()).get('interleave.stripes')?.value, null);
  box.env.FAMFS_CONFIG = '/nowhere/famfs.conf';
  assert.equal((await box.error(['config', 'list'])).code, 'BAD_CONFIG');
});
