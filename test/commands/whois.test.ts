import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { MIB, Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox(GOLDEN_MASTER);
const g2 = goldenImage('g2', sandbox.folder);
const g3 = goldenImage('g3', sandbox.folder);

test('whois names superblock, log slots, slack, free space, and both owners of an overlap', async () => {
  const at = async (offset: number, dev = g2) =>
    sandbox.json<Record<string, unknown>>(['whois', '0', String(offset), '--dev', dev]);
  assert.equal((await at(2 * MIB - 1)).region, 'superblock');
  assert.equal((await at(2 * MIB)).region, 'log header');
  const { region, slot } = await at(2 * MIB + 48 + 544 * 3);
  assert.deepEqual([region, slot], ['log', 3]);
  const slack = await at(0xa00000 + 1);
  assert.deepEqual(
    (slack.owners as { inSlack: boolean }[]).map((owner) => owner.inSlack),
    [true],
  );
  assert.equal((await at(4096 * MIB - 1)).region, 'free');
  assert.equal((await sandbox.error(['whois', '0', '4G', '--dev', g2])).code, 'BAD_RANGE');
  assert.equal((await sandbox.error(['whois', '1', '0', '--dev', g2])).code, 'NO_DAXDEV');
  assert.equal((await sandbox.error(['whois', '0', 'x', '--dev', g2])).exitCode, 2);
  const overlapped = goldenImage('g12', sandbox.folder);
  const { owners } = await at(0xe00000, overlapped);
  assert.equal((owners as object[]).length, 2);
});

test('a daxdev is named by index, uuid or path', async () => {
  const { primary } = await sandbox.json<{ primary: { uuid: string } }>(['info', '--dev', g2]);
  for (const name of ['0', primary.uuid, primary.uuid.toUpperCase(), g2])
    assert.equal((await sandbox.json(['whois', name, '0xa00000', '--dev', g2])).region, 'file');
  assert.equal((await sandbox.error(['whois', g3, '0', '--dev', g2])).code, 'NO_DAXDEV');
});

for (const argv of [['0']]) {
  test(`wrong use: ${argv.join(' ')}`, async () => {
    assert.equal((await sandbox.run(['whois', ...argv, '--dev', g2])).exitCode, 2);
  });
}
