import assert from 'node:assert/strict';
import { copyFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { test } from 'node:test';
import { PoolSandbox } from '../support/pool.js';
import { MIB, OTHER_UUID, Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox();
type SentDaxdev = {
  daxdev: number;
  path: string | null;
  hex?: string | null;
  backingId?: number;
  findings: { rule: string; errno: string }[];
};

async function makePool(count: number): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, i) => sandbox.image(`member${i}.img`, 64 * MIB));
  await sandbox.ok(['mkfs', '--force', '--force', ...paths]);
  return paths;
}

const sentFor = async (dev: string, ...argv: string[]) =>
  (await sandbox.json<{ daxdevs: SentDaxdev[] }>(['daxdev', 'list', '--dev', dev, '--format', ...argv])).daxdevs;

test('replies name slot and path; findings name a slot beyond the table and a path that is not a device', async () => {
  const paths = await makePool(25);
  const replies = await sentFor(paths[0] as string, 'v2');
  assert.equal(replies.length, 25);
  for (const [i, { hex, path }] of replies.entries()) {
    const bytes = Buffer.from(hex as string, 'hex');
    assert.deepEqual([bytes.length, bytes.readUInt16LE(0), path], [280, i, paths[i]]);
    assert.equal(bytes.toString('utf8', 24, 24 + bytes.subarray(24).indexOf(0)), paths[i]);
  }
  const rules = (daxdevs: SentDaxdev[], index: number) => daxdevs[index]?.findings.map(({ rule }) => rule);
  // images stand in for devices here, and a kernel refuses those
  assert.deepEqual(rules(replies, 23), ['DAXDEV_DEVICE']);
  assert.deepEqual(rules(replies, 24), ['DAXDEV_SLOT', 'DAXDEV_DEVICE']);
  assert.deepEqual(rules(await sentFor(paths[0] as string, 'v2', '--revision', 'v10-multi'), 23), ['DAXDEV_DEVICE']);
  for (const revision of ['v10-multi', 'v10', 'probe'])
    assert.deepEqual(rules(await sentFor(paths[0] as string, 'v2', '--revision', revision), 24), [
      'DAXDEV_SLOT',
      'DAXDEV_DEVICE',
    ]);
  assert.deepEqual(rules(await sentFor(paths[0] as string, 'v2', '--revision', 'first'), 1), [
    'DAXDEV_SLOT',
    'DAXDEV_DEVICE',
  ]);
});

test('backing ids begin at 1; a missing member has no reply', async () => {
  const paths = await makePool(3);
  rmSync(paths[2] as string);
  const registrations = await sentFor(paths[0] as string, 'd');
  assert.deepEqual(
    registrations.map(({ backingId }) => backingId),
    [1, 2, 3],
  );
  const [, , missing] = await sentFor(paths[0] as string, 'v2');
  assert.deepEqual([missing?.hex, missing?.path, missing?.findings[0]?.rule], [null, null, 'DAXDEV_HERE']);
  assert.match(await sandbox.ok(['daxdev', 'list', '--format', 'd', '--dev', paths[0] as string]), /backing id 2/);
  assert.match(
    await sandbox.ok(['daxdev', 'list', '--format', 'v2', '--dev', paths[0] as string]),
    /DAXDEV_HERE \(ENOENT\)/,
  );
});

test('the list says which daxdevs are missing, foreign, damaged, ambiguous or of another size', async () => {
  const box = new PoolSandbox();
  const paths = await box.makePool(64, 64, 64, 64, 64, 64);
  const [, missing = '', foreign = '', damaged = '', copied = '', grown = ''] = paths;
  renameSync(missing, box.path('away'));
  box.damage(box.path('away'), 'magic', 0);
  box.damage(foreign, 'fsUuid', OTHER_UUID);
  box.damage(damaged, 'systemUuid', OTHER_UUID, false);
  copyFileSync(copied, box.path('copy.img'));
  truncateSync(grown, 128 * MIB);
  const { stdout, stderr } = await box.run(['daxdev', 'list', '--json']);
  const { daxdevs } = JSON.parse(stdout) as { daxdevs: { state: string }[] };
  assert.deepEqual(
    daxdevs.map(({ state }) => state),
    ['present', 'missing', 'foreign', 'damaged', 'ambiguous', 'wrong size'],
  );
  assert.equal(stderr.match(/MISSING_DAXDEV/g)?.length, 1, stderr);
  const codes = ['MISSING_DAXDEV', 'FOREIGN_DAXDEV', 'SUPERBLOCK_DAMAGED', 'AMBIGUOUS_DAXDEV', 'WRONG_SIZE'];
  for (const [i, code] of codes.entries())
    assert.equal((await box.error(['creat', '-s', '2M', '--daxdevs', `0,${i + 1}`, 'x'])).code, code);
  await box.ok(['creat', '-s', '4M', '--stripes', '2', 'only-here']);
  const { extents } = (await box.json<{ files: { extents: { daxdev: number }[] }[] }>(['showfmap', 'only-here']))
    .files[0] as { extents: { daxdev: number }[] };
  assert.deepEqual(new Set(extents.map(({ daxdev }) => daxdev)), new Set([0]));
});
