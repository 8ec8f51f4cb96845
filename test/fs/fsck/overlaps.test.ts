/** Space that several files claim: every pair is a finding, on every daxdev. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pokeExtent } from '../../support/patch.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, MIB } from '../../support/sandbox.js';

const META = 10 * MIB;

/** Changes the log of an image. */
function changeLog(path: string, change: (image: Buffer) => void): void {
  const image = firstBytes(path, META);
  change(image);
  overwrite(path, 0, image);
}

interface Overlap {
  readonly code: string;
  readonly slot: number;
  readonly values: { readonly otherSlot: number };
  readonly daxdev: number;
  readonly length: number;
}

async function overlapsOf(box: PoolSandbox): Promise<(readonly [number, number, number, number])[]> {
  const { findings } = await box.fsck();
  return (findings as unknown as Overlap[])
    .filter(({ code }) => code === 'EXTENT_OVERLAP')
    .map(({ slot, values, daxdev, length }) => [slot, values.otherSlot, daxdev, length / MIB]);
}

test('a file that overlaps two others is found twice', async () => {
  const box = new PoolSandbox();
  const [path = ''] = await box.makePool(64);
  await box.ok(['creat', '-s', '8M', 'long']);
  await box.ok(['creat', '-s', '2M', 'one', 'two']);
  changeLog(path, (image) => {
    pokeExtent(image, 1, 0, 1, META + 2 * MIB);
    pokeExtent(image, 2, 0, 1, META + 6 * MIB);
  });
  assert.deepEqual(await overlapsOf(box), [
    [1, 0, 0, 2],
    [2, 0, 0, 2],
  ]);
});

test('a part of an extent in another is found, whichever begins first', async () => {
  const box = new PoolSandbox();
  const [path = ''] = await box.makePool(64);
  await box.ok(['creat', '-s', '4M', 'one', 'two']);
  changeLog(path, (image) => pokeExtent(image, 1, 0, 1, META + 2 * MIB));
  assert.deepEqual(await overlapsOf(box), [[1, 0, 0, 2]]);
  changeLog(path, (image) => pokeExtent(image, 0, 0, 1, META + 4 * MIB));
  assert.deepEqual(await overlapsOf(box), [[0, 1, 0, 2]]);
});

test('overlaps on a secondary are found', async () => {
  const box = new PoolSandbox();
  const [path = ''] = await box.makePool(64, 64);
  await box.ok(['creat', '-s', '4M', '--daxdevs', '1', 'one', 'two']);
  assert.deepEqual(await overlapsOf(box), []);
  // slot 0 adds the secondary, whose files begin at 2 MiB
  changeLog(path, (image) => pokeExtent(image, 2, 0, 1, 4 * MIB));
  assert.deepEqual(await overlapsOf(box), [[2, 1, 1, 2]]);
});
