/** UUID= and LABEL= in place of a path. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { InfoDocument } from '../../../src/commands/info.js';
import { PoolSandbox } from '../../support/pool.js';
import { MIB, stdinOf } from '../../support/sandbox.js';

const UUID = 'abcdef01-2345-4678-9abc-def012345678';

async function primaryOf(box: PoolSandbox, ...argv: string[]): Promise<string> {
  return (await box.json<InfoDocument>(['info', ...argv])).primary.path;
}

test('a file system is found by uuid, by the uuid of any daxdev, and by label', async () => {
  const box = new PoolSandbox();
  const [primary, second] = box.images(64, 64) as [string, string];
  await box.ok(['mkfs', '--uuid', UUID, '--label', 'my data', primary, second]);
  await box.ok(['mkfs', '--label', 'other', box.image('z.img', 64 * MIB)]);
  const { daxdevs } = await box.list('--dev', primary);
  const tags = [`UUID=${UUID.toUpperCase()}`, 'UUID=abcd', `UUID=${daxdevs[1]?.uuid}`, 'LABEL=my data'];
  for (const tag of tags) {
    assert.equal(await primaryOf(box, '--dev', tag), primary, tag);
    assert.equal(await primaryOf(box, tag), primary, tag);
  }
  box.env.FAMFS_DEV = 'LABEL=my data';
  await box.ok(['mkdir', 'a']);
  assert.equal((await box.run(['fsck'])).exitCode, 0);
  await box.ok(['apply', '-'], { stdin: stdinOf('directories: [b]') });
  await box.ok(['apply', '-', '--dev', 'LABEL=my data'], {
    stdin: stdinOf('pool: {label: my data}\ndirectories: [c]'),
  });
  assert.deepEqual(
    (await box.entries()).map(({ path }) => path),
    ['a', 'b', 'c'],
  );
  const { message } = await box.error(['plan', '-', '--dev', 'LABEL=my data'], { stdin: stdinOf('pool: {label: x}') });
  assert.match(message, /has the label my data, not x/);
});

test('a tag in a configuration file is no path', async () => {
  const box = new PoolSandbox();
  const [primary] = box.images(64) as [string];
  await box.ok(['mkfs', '--label', 'x', primary]);
  mkdirSync(box.path('etc'));
  writeFileSync(box.path('etc/conf'), '[devices]\n dev = LABEL=x\n');
  box.env.FAMFS_CONFIG = box.path('etc/conf');
  assert.equal(await primaryOf(box), primary);
});

test('an image elsewhere is found beside one that is named, and a file may be called like a tag', async () => {
  const box = new PoolSandbox();
  mkdirSync(box.path('far'));
  const far = box.image('far/a.img', 64 * MIB);
  await box.ok(['mkfs', '--label', 'far', far]);
  assert.equal((await box.error(['ls', '--dev', 'LABEL=far'])).code, 'NO_FAMFS');
  assert.equal(await primaryOf(box, '--dev', 'LABEL=far', '--dev', far), far);
  box.env.FAMFS_DEV = './far/none.img:LABEL=far';
  assert.equal(await primaryOf(box, '--dev', 'LABEL=far'), far);
  delete box.env.FAMFS_DEV;
  const odd = box.image('UUID=x', 64 * MIB);
  await box.ok(['mkfs', odd]);
  assert.equal(await primaryOf(box, '--dev', './UUID=x'), odd);
});

test('what is none, several or no uuid is said', async () => {
  const box = new PoolSandbox();
  for (const name of ['a.img', 'b.img']) await box.ok(['mkfs', '--label', 'twin', box.image(name, 64 * MIB)]);
  const twins = await box.error(['ls', '--dev', 'LABEL=twin']);
  assert.equal(twins.code, 'AMBIGUOUS');
  assert.match(twins.message, /a\.img, .*b\.img/);
  copyFileSync(join(box.folder, 'a.img'), box.path('copy.img'));
  const { fsUuid } = await box.json<InfoDocument>(['info', 'a.img']);
  assert.equal((await box.error(['ls', '--dev', `UUID=${fsUuid}`])).code, 'AMBIGUOUS');
  assert.equal((await box.error(['ls', '--dev', 'UUID=xyz'])).code, 'BAD_TAG');
  const none = await box.error(['ls', '--dev', 'LABEL=']);
  assert.equal(none.code, 'NO_FAMFS');
  assert.match(none.hint ?? '', /famfs list/);
});
