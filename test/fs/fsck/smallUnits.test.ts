/** File systems with an allocation unit of 4 KiB: what fsck finds and repairs in them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { Head } from '../../support/head.js';
import { pokeExtent, pokePayload, pokeSuperblock } from '../../support/patch.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, MIB, Sandbox } from '../../support/sandbox.js';

const HEAD = 10 * MIB;
const SMALL = ['mkfs', '--alloc-unit', '4k'];

test('files in units of 4 KiB and of 2 MiB are both sound, and new ones are made in small units', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const countsOf = async (image: string) =>
    JSON.parse((await sandbox.run(['fsck', '-n', '--json', image])).stdout).counts as object;
  const image = goldenImage('g2', sandbox.folder, (i) => {
    pokeSuperblock(i, 'allocationUnit', 4096);
    // one_byte has the smallest possible extent
    pokeExtent(i, 3, 0, 2, 4096);
  });
  assert.deepEqual(await countsOf(image), {});
  await sandbox.ok(['creat', '-s', '1', 'tiny', '--dev', image]);
  await sandbox.ok(['creat', '-s', '5M', '--stripes', '2', 'striped', '--dev', image]);
  const { extents } = (
    await sandbox.json<{ files: { extents: { length: number }[] }[] }>(['showfmap', 'tiny', '--dev', image])
  ).files[0] as { extents: { length: number }[] };
  assert.equal(extents[0]?.length, 4096);
  assert.deepEqual(await countsOf(image), {});
  // space that neither unit needs is excess
  const excess = goldenImage('g2', sandbox.folder, (i) => {
    pokeSuperblock(i, 'allocationUnit', 4096);
    pokePayload(i, 12, 'file', 'size', 1);
  });
  assert.deepEqual(await countsOf(excess), { COVERAGE_EXCESS: 1 });
});

/** Four small files, one of 3 MiB and an interleaved one, in slots 0 to 5. */
async function smallFs(): Promise<{ box: PoolSandbox; path: string }> {
  const box = new PoolSandbox();
  const path = box.image('p.img', 64 * MIB);
  await box.ok([...SMALL, path]);
  box.env.FAMFS_DEV = path;
  await box.ok(['creat', '-s', '10k', '--seed', '1', 'a', 'b', 'c', 'd']);
  await box.ok(['creat', '-s', '3M', '--seed', '1', 'large']);
  await box.ok(['creat', '-s', '256k', '--stripes', '2', '--chunk', '64k', '--seed', '1', 'striped']);
  return { box, path };
}

test('a lost superblock gets back the unit that its files prove', async () => {
  const { box, path } = await smallFs();
  const before = new Head(path, HEAD);
  const rows: readonly (readonly [what: string, change: (i: Buffer) => void, unit: number])[] = [
    ['the whole superblock', (i) => i.fill(0, 0, 4096), 4096],
    ['the unit', (i) => pokeSuperblock(i, 'allocationUnit', 12345), 4096],
    ['the unit, to one that cannot be', (i) => pokeSuperblock(i, 'allocationUnit', 2 * MIB, false), 4096],
  ];
  const sound = firstBytes(path, HEAD);
  for (const [what, change, unit] of rows) {
    const image = Buffer.from(sound);
    change(image);
    overwrite(path, 0, image);
    const undo = box.path(`${what.replaceAll(/\W/g, '-')}.undo`);
    const { exitCode } = await box.fsck('-y', '--master-here', '--undo', undo, path);
    assert.equal(exitCode, 1, what);
    assert.equal((await box.json<{ allocationUnit: number }>(['info'])).allocationUnit, unit, what);
    assert.equal((await box.fsck('-n')).findings.length, 0, what);
    await box.ok(['verify', '--seed', '1', 'a', 'large', 'striped']);
    await box.ok(['undo', undo]);
    overwrite(path, 0, sound);
    assert.ok(before.isUnchanged(), what);
  }
});

test('all daxdevs of a pool have one unit', async () => {
  const box = new PoolSandbox();
  const paths = box.images(64, 64, 64);
  await box.ok([...SMALL, ...paths.slice(0, 2)]);
  box.env.FAMFS_DEV = paths[0] as string;
  await box.ok(['daxdev', 'add', paths[2] as string]);
  await box.ok(['creat', '-s', '12k', '--stripes', '3', '--chunk', '4k', '--seed', '7', 'f']);
  assert.deepEqual((await box.fsck('-n')).findings, []);
  const sound = firstBytes(paths[1] as string, HEAD);
  box.damage(paths[1] as string, 'allocationUnit', 2 * MIB);
  const { findings, exitCode } = await box.fsck('-n');
  assert.equal(exitCode, 4);
  assert.deepEqual(
    findings.map(({ code, daxdev }) => [code, daxdev]),
    [['MEMBER_SUPERBLOCK', 1]],
  );
  assert.match(findings[0]?.message ?? '', /allocation unit is 2097152, must be 4096, that of the primary/);
  assert.equal((await box.list()).daxdevs[1]?.state, 'other unit');
  const refused = await box.error(['verify', '--seed', '7', 'f']);
  assert.match(refused.message, /another allocation unit/);
  assert.equal((await box.fsck('-y', '--no-undo')).exitCode, 1);
  assert.deepEqual((await box.fsck('-n')).findings, []);
  await box.ok(['verify', '--seed', '7', 'f']);
  overwrite(paths[1] as string, 0, sound);
  // a superblock of the primary that is lost gets the unit of the others, even without a small file
  await box.ok(['rm', '--clients-unmounted', 'f']);
  overwrite(paths[0] as string, 0, Buffer.alloc(4096));
  assert.equal((await box.fsck('-y', '--no-undo', '--dev', paths[1] as string, paths[0] as string)).exitCode, 1);
  assert.equal((await box.json<{ allocationUnit: number }>(['info'])).allocationUnit, 4096);
});
