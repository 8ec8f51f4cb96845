/** File systems with an allocation unit of 4096 bytes: readers accept them, and writers still allocate 2 MiB. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { pokeExtent, pokePayload, pokeSuperblock } from '../../support/patch.js';
import { Sandbox } from '../../support/sandbox.js';

const sandbox = new Sandbox(GOLDEN_MASTER);

async function countsOf(image: string): Promise<object> {
  return JSON.parse((await sandbox.run(['fsck', '-n', '--json', image])).stdout).counts;
}

test('files in units of 4 KiB and of 2 MiB are both sound, and new ones can be made', async () => {
  const image = goldenImage('g2', sandbox.folder, (i) => {
    pokeSuperblock(i, 'allocationUnit', 4096);
    // one_byte has the smallest possible extent
    pokeExtent(i, 3, 0, 2, 4096);
  });
  assert.deepEqual(await countsOf(image), {});
  await sandbox.ok(['creat', '-s', '1', 'tiny', '--dev', image]);
  await sandbox.ok(['creat', '-s', '5M', '--stripes', '2', 'striped', '--dev', image]);
  assert.deepEqual(await countsOf(image), {});
});

test('space that neither unit needs is excess', async () => {
  const image = goldenImage('g2', sandbox.folder, (i) => {
    pokeSuperblock(i, 'allocationUnit', 4096);
    pokePayload(i, 12, 'file', 'size', 1);
  });
  assert.deepEqual(await countsOf(image), { COVERAGE_EXCESS: 1 });
});
