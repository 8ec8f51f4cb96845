/** daxdev list --format: how kernels are told of the daxdevs of a pool. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { MIB, Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox();
type Told = {
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

const told = async (dev: string, ...argv: string[]) =>
  (await sandbox.json<{ daxdevs: Told[] }>(['daxdev', 'list', '--dev', dev, '--format', ...argv])).daxdevs;

test('replies name slot and path; a slot beyond the table, and what is no device, are told', async () => {
  const paths = await makePool(25);
  const replies = await told(paths[0] as string, 'v2');
  assert.equal(replies.length, 25);
  for (const [i, { hex, path }] of replies.entries()) {
    const bytes = Buffer.from(hex as string, 'hex');
    assert.deepEqual([bytes.length, bytes.readUInt16LE(0), path], [280, i, paths[i]]);
    assert.equal(bytes.toString('utf8', 24, 24 + bytes.subarray(24).indexOf(0)), paths[i]);
  }
  const rules = (daxdevs: Told[], index: number) => daxdevs[index]?.findings.map(({ rule }) => rule);
  // images stand in for devices here, which a kernel does not take
  assert.deepEqual(rules(replies, 23), ['DAXDEV_DEVICE']);
  assert.deepEqual(rules(replies, 24), ['DAXDEV_SLOT', 'DAXDEV_DEVICE']);
  assert.deepEqual(rules(await told(paths[0] as string, 'v2', '--revision', 'v10'), 24), ['DAXDEV_DEVICE']);
  assert.deepEqual(rules(await told(paths[0] as string, 'v2', '--revision', 'first'), 1), [
    'DAXDEV_SLOT',
    'DAXDEV_DEVICE',
  ]);
});

test('registrations have ids from 1 on; a member that is not here has no reply', async () => {
  const paths = await makePool(3);
  rmSync(paths[2] as string);
  const registrations = await told(paths[0] as string, 'd');
  assert.deepEqual(
    registrations.map(({ backingId }) => backingId),
    [1, 2, 3],
  );
  const [, , missing] = await told(paths[0] as string, 'v2');
  assert.deepEqual([missing?.hex, missing?.path, missing?.findings[0]?.rule], [null, null, 'DAXDEV_HERE']);
  assert.match(await sandbox.ok(['daxdev', 'list', '--format', 'd', '--dev', paths[0] as string]), /backing id 2/);
  assert.match(
    await sandbox.ok(['daxdev', 'list', '--format', 'v2', '--dev', paths[0] as string]),
    /DAXDEV_HERE \(ENOENT\)/,
  );
});

test('trees of pools have a file for each daxdev, and maps name them', async () => {
  const paths = await makePool(3);
  await sandbox.ok(['creat', '--dev', paths[0] as string, '-s', '12M', '--stripes', '3', 'f']);
  const tree = `${sandbox.folder}/tree`;
  await sandbox.ok(['logplay', '--shadow', tree, '--dev', paths[0] as string]);
  const { differences } = await sandbox.json(['logplay', '--shadow', tree, '--check', '--dev', paths[0] as string]);
  assert.deepEqual(differences, []);
  const { daxdevs } = await sandbox.json<{ daxdevs: { uuid: string; size: number }[] }>([
    'daxdev',
    'list',
    '--dev',
    paths[0] as string,
  ]);
  const { readFileSync } = await import('node:fs');
  for (const [i, { uuid, size }] of daxdevs.entries())
    assert.equal(
      readFileSync(`${tree}/daxdevs/${i}`, 'utf8'),
      `---\ndaxdev:\n  index: ${i}\n  uuid: ${uuid}\n  size: ${size}\n...\n`,
    );
});
