import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOG_ENTRY_SIZE } from '../../src/format/logEntry.js';
import { slotOffset } from '../../src/format/logHeader.js';
import { SUPERBLOCK_REGION } from '../../src/format/superblock.js';
import { overwrite, PoolSandbox } from '../support/pool.js';
import { Random } from '../support/random.js';
import { MIB, sandboxWithFs } from '../support/sandbox.js';

interface Use {
  readonly metadata: number;
  readonly files: number;
  readonly unusable: number;
  readonly free: number;
}

interface MapDocument {
  readonly cellLength: number;
  readonly daxdevs: readonly (Use & {
    readonly size: number;
    readonly shared: number;
    readonly cells: readonly (Use & {
      readonly deviceOffset: number;
      readonly length: number;
      readonly marked: number;
      readonly extent: number | null;
    })[];
  })[];
  readonly holes: readonly {
    readonly least: number;
    readonly below: number;
    readonly count: number;
    readonly bytes: number;
  }[];
}

interface Maps {
  readonly files: readonly { readonly path: string; readonly allocated: number; readonly extents: readonly Extent[] }[];
}

interface Extent {
  readonly daxdev: number;
  readonly deviceOffset: number;
  readonly length: number;
}

const USES = ['metadata', 'files', 'unusable', 'free'] as const;

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0);
}

/** A pool of four daxdevs with files of random sizes and layouts. */
async function randomPool(random: Random): Promise<PoolSandbox> {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64, 96, 130, 40);
  for (let i = 0; i < 7; i++) {
    const layout = random.chance(0.5) ? ['--stripes', String(random.within(1, 9))] : ['--simple'];
    const size = random.within(1, 24 * MIB);
    // what no longer fits is left out
    await sandbox.run(['creat', '-s', String(size), ...layout, '--alloc-seed', String(i), `f${i}`]);
  }
  return sandbox;
}

test('map draws every byte once, as df and the maps of the files have them', async (t) => {
  const sandbox = await randomPool(new Random(t));
  const { daxdevs } = await sandbox.list();
  const { files } = await sandbox.json<Maps>(['showfmap', '--all']);
  const widths = [20, 111];
  for (const width of widths) {
    const map = await sandbox.json<MapDocument>(['map', '--width', String(width)]);
    for (const [i, row] of map.daxdevs.entries()) {
      const claimed = files.flatMap(({ extents }) => extents.filter(({ daxdev }) => daxdev === i));
      assert.equal(row.files, sum(claimed.map(({ length }) => length)));
      assert.equal(row.files, daxdevs[i]?.used);
      assert.equal(row.free, daxdevs[i]?.free);
      assert.equal(row.shared, 0);
      for (const use of USES) assert.equal(sum(row.cells.map((cell) => cell[use])), row[use], `${use} of daxdev ${i}`);
      let end = 0;
      for (const cell of row.cells) {
        assert.equal(cell.deviceOffset, end);
        assert.equal(sum(USES.map((use) => cell[use])), cell.length);
        end += cell.length;
      }
      assert.equal(end, row.size);
    }
    assert.equal(sum(map.holes.map(({ bytes }) => bytes)), sum(daxdevs.map(({ free }) => free)));
    const largest = Math.max(...daxdevs.map(({ largestHole }) => largestHole));
    const last = map.holes.at(-1);
    assert.ok(last !== undefined && last.least <= largest && largest < last.below);
  }
});

test('map --file shows where each extent of the file lies', async (t) => {
  const sandbox = await randomPool(new Random(t));
  const { files } = await sandbox.json<Maps>(['showfmap', '--all']);
  for (const { path, extents, allocated } of files.slice(0, 3)) {
    const map = await sandbox.json<MapDocument>(['map', '--file', path, '--width', '10000']);
    assert.equal(map.cellLength, 2 * MIB);
    assert.equal(sum(map.daxdevs.flatMap(({ cells }) => cells.map(({ marked }) => marked))), allocated);
    for (const [number, { daxdev, deviceOffset, length }] of extents.entries()) {
      const cells = map.daxdevs[daxdev]?.cells.filter((cell) => cell.extent === number) ?? [];
      assert.equal(cells[0]?.deviceOffset, deviceOffset);
      assert.equal(sum(cells.map((cell) => cell.length)), length);
    }
  }
});

test('map draws a row for each daxdev that fits the width, to scale', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(128, 64);
  await sandbox.ok(['creat', '-s', '40M', '--stripes', '2', '--policy', 'fill', 'data']);
  const [first = '', second = '', legend] = (await sandbox.ok(['map', '--width', '73'])).split('\n');
  assert.equal(first, `0 |${'='.repeat(5)}${'#'.repeat(10)}${'.'.repeat(49)}|  17%`);
  assert.equal(second, `1 |=${'#'.repeat(10)}${'.'.repeat(21)}|  32%`);
  assert.equal(legend, '= superblock and log  # files  + partly free  . free; a cell is 2M');
  const [marked = ''] = (await sandbox.ok(['map', '--width', '73', '--file', 'data'])).split('\n');
  assert.equal(marked, `0 |${'='.repeat(5)}${'0'.repeat(10)}${'.'.repeat(49)}|  17%`);
  const [narrow = ''] = (await sandbox.ok(['map', '--width', '20', '--file', 'data'])).split('\n');
  assert.equal(narrow, '0 |000........|  17%');
  for (const line of (await sandbox.ok(['map'])).split('\n')) assert.ok(line.length <= 80, line);
});

test('map draws blocks in colour', async () => {
  const sandbox = await sandboxWithFs(128 * MIB);
  await sandbox.ok(['creat', '-s', '40M', 'data']);
  const [row = ''] = (await sandbox.ok(['map', '--width', '73', '--color', 'always'])).split('\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  const plain = row.replace(/\x1b\[\d+m/g, '');
  assert.equal(plain, `0 |${'█'.repeat(25)}${'·'.repeat(39)}|  34%`);
  assert.ok(row.includes('\x1b[34m█'), 'files are blue');
});

test('map marks what a damaged entry keeps from other files', async () => {
  const sandbox = await sandboxWithFs(128 * MIB);
  await sandbox.ok(['creat', '-s', '10M', 'kept']);
  await sandbox.ok(['creat', '-s', '20M', 'damaged']);
  const entry = SUPERBLOCK_REGION + slotOffset(1);
  overwrite(sandbox.env.FAMFS_DEV as string, entry + LOG_ENTRY_SIZE - 1, Buffer.of(1));
  const [row = ''] = (await sandbox.ok(['map', '--width', '73', '--quiet'])).split('\n');
  assert.equal(row, `0 |${'='.repeat(5)}${'#'.repeat(5)}${'!'.repeat(10)}${'.'.repeat(44)}|  10%`);
  const { daxdevs } = await sandbox.json<MapDocument>(['map']);
  assert.deepEqual([daxdevs[0]?.files, daxdevs[0]?.unusable], [10 * MIB, 20 * MIB]);
});

test('map refuses what it cannot draw', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['mkdir', 'd']);
  assert.equal((await sandbox.error(['map', '--file', 'd'])).code, 'NOT_A_FILE');
  assert.equal((await sandbox.error(['map', '--file', 'none'])).code, 'NO_ENTRY');
  assert.equal((await sandbox.error(['map', '--width', '19'])).code, 'USAGE');
});

test('map counts holes by size', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  assert.match(await sandbox.ok(['map']), /\nholes by size\n +32M to 64M {3}1 {3}54M {2}#{40}\n$/);
  await sandbox.ok(['creat', '-s', '54M', 'all']);
  assert.match(await sandbox.ok(['map']), /\nholes by size\n {2}none: nothing is free\n$/);
});
