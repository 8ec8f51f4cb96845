import assert from 'node:assert/strict';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { LOG_ENTRY_SIZE } from '../../src/format/logEntry.js';
import { slotOffset } from '../../src/format/logHeader.js';
import { SUPERBLOCK_REGION } from '../../src/format/superblock.js';
import { joinRanges } from '../../src/fs/usage/range.js';
import { escapeText } from '../../src/ui/text.js';
import { takeApart } from '../support/page.js';
import { overwrite, PoolSandbox } from '../support/pool.js';
import { Random } from '../support/random.js';
import { MIB, sandboxWithFs } from '../support/sandbox.js';
import { Snapshot } from '../support/snapshot.js';

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

interface SpreadRow {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

interface BalanceDocument {
  readonly runs: number;
  readonly spread: { readonly expectedDeviation: SpreadRow };
  readonly daxdevs: readonly { readonly expected: SpreadRow }[];
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

test('map --at draws the pool as it was', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64, 96);
  const maps = new Map<number, unknown>();
  for (const [i, options] of [[], ['--stripes', '2'], ['--simple']].entries()) {
    if (i > 0) await sandbox.ok(['creat', '-s', `${i * 7}M`, ...options, '--alloc-seed', '1', `f${i}`]);
    maps.set(i + 1, await sandbox.json(['map']));
  }
  for (const [entries, map] of maps) {
    const at = ['map', '--at', String(entries)];
    assert.deepEqual(await sandbox.json(at), map);
    await sandbox.ok([...at, '--html', `at${entries}`]);
    const { header, files } = takeApart(readFileSync(sandbox.path(`at${entries}`), 'utf8')).data;
    assert.deepEqual([header.slots, files.paths], [entries, ['f1', 'f2'].slice(0, entries - 1)]);
  }
  // before the second daxdev joined
  const { daxdevs } = await sandbox.json<MapDocument>(['map', '--at', '0']);
  assert.equal(daxdevs.length, 1);
  assert.equal((await sandbox.error(['map', '--at', '4'])).code, 'NO_SUCH_ENTRY');
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
  assert.match(await sandbox.ok(['map']), /\nholes by size\n {2}none: no space is free\n$/);
});

/** Names that would do harm where a page or image took them for markup, or that are hard to show. */
const HOSTILE = [
  '<script>globalThis.pwned=1<',
  '"><img src=x onerror=pwned=1>',
  "' onmouseover='pwned=1",
  '&lt;b&gt;&amp;',
  '\u202egpj.exe',
  '\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd',
  '\u{1f600}'.repeat(19),
  ']]>--><!--@POOL@$&',
  'd/<b>&"/file',
];

async function hostilePool(): Promise<PoolSandbox> {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(128, 64);
  const list = HOSTILE.flatMap((name) => [name, '3M', '']).map((field) => `${field}\0`);
  writeFileSync(sandbox.path('list'), list.join(''));
  await sandbox.ok(['mkdir', '-p', 'd/<b>&"']);
  await sandbox.ok(['creat', '--from0', 'list', '--stripes', '2', '--policy', 'spread']);
  return sandbox;
}

test('map --html writes one page that runs only its own program, and holds the maps of all files', async () => {
  const sandbox = await hostilePool();
  const { pictures } = await sandbox.json<{ pictures: unknown }>(['map', '--html', 'pool.html']);
  const page = readFileSync(sandbox.path('pool.html'), 'utf8');
  assert.deepEqual(pictures, [{ path: 'pool.html', format: 'html', size: Buffer.byteLength(page), written: true }]);
  const { policy, hashes, data, markup } = takeApart(page);
  const [script, style] = hashes.map((hash) => `'sha256-${hash}'`);
  assert.equal(hashes.length, 2);
  assert.equal(
    policy,
    `default-src 'none'; script-src ${script}; style-src ${style}; base-uri 'none'; form-action 'none'`,
  );
  assert.doesNotMatch(markup, /\b(src|href|url|on\w+)\s*=|pwned|@POOL@/);
  const { files } = await sandbox.json<Maps>(['showfmap', '--all']);
  assert.deepEqual(data.files.paths, HOSTILE.map(escapeText));
  for (const [i, { extents }] of files.entries()) {
    const range = [data.files.firstExtents[i], data.files.firstExtents[i + 1]] as const;
    const drawn = [data.files.daxdevs, data.files.offsets, data.files.lengths].map((column) => [
      ...column.slice(...range),
    ]);
    assert.deepEqual(drawn, [
      extents.map(({ daxdev }) => daxdev),
      extents.map(({ deviceOffset }) => deviceOffset),
      extents.map(({ length }) => length),
    ]);
  }
});

test('map --html has the balance that famfs balance expects', async () => {
  const sandbox = await hostilePool();
  for (const policy of ['random', 'spread']) {
    sandbox.env.FAMFS_POLICY = policy;
    await sandbox.ok(['map', '--html', 'pool.html', '--force']);
    const { balance } = takeApart(readFileSync(sandbox.path('pool.html'), 'utf8')).data.header;
    const { daxdevs, runs, spread } = await sandbox.json<BalanceDocument>(['balance']);
    const numbers = ({ least, mean, most }: SpreadRow) => [least, mean, most];
    const expected = daxdevs.map((daxdev) => numbers(daxdev.expected));
    assert.deepEqual(balance, { policy, runs, expected, deviation: numbers(spread.expectedDeviation) });
  }
});

test('map --svg draws every byte of a file once, and names only as text', async (t) => {
  for (const sandbox of [await hostilePool(), await randomPool(new Random(t))]) {
    assert.match(await sandbox.ok(['map', '--svg', 'pool.svg']), /^pool\.svg: \S+ written\n$/);
    const image = readFileSync(sandbox.path('pool.svg'), 'utf8');
    const { daxdevs } = await sandbox.json<MapDocument>(['map']);
    const lanes = [...image.matchAll(/data-daxdev="(\d+)">([\s\S]*?)<\/svg>/g)];
    assert.equal(lanes.length, daxdevs.length);
    for (const [, daxdev, lane = ''] of lanes) {
      const rects = [...lane.matchAll(/M(\d+) 0h(\d+)v1h-(\d+)z/g)].map(([, x, width, back]) => {
        assert.equal(width, back);
        return { start: Number(x) * 2 * MIB, end: (Number(x) + Number(width)) * 2 * MIB };
      });
      const { bytes, repeated } = joinRanges(rects);
      assert.deepEqual([bytes, repeated], [daxdevs[Number(daxdev)]?.files, 0]);
    }
    assert.doesNotMatch(image, /<script|<img|onmouse|&(?!(amp|lt|gt|quot);)/);
    const tags = [...image.matchAll(/<(\/?)(\w+)([^<>]*?)(\/?)>/g)];
    const depth = tags.reduce((open, [, end, , , empty]) => open + (end ? -1 : empty ? 0 : 1), 0);
    assert.equal(depth, 0);
  }
});

test('map replaces a picture only with --force, and nothing else ever', async () => {
  const sandbox = new PoolSandbox();
  const [image = ''] = await sandbox.makePool(64);
  writeFileSync(sandbox.path('old.html'), 'mine');
  for (const option of ['--html', '--svg']) {
    assert.equal((await sandbox.error(['map', option, 'old.html'])).code, 'EXISTS');
    assert.equal((await sandbox.error(['map', option, '.', '--force'])).code, 'IN_THE_WAY');
    assert.equal((await sandbox.error(['map', option, image, '--force'])).code, 'IS_THE_IMAGE');
    assert.equal((await sandbox.error(['map', option, 'none/x'])).code, 'CANNOT_WRITE');
    symlinkSync(image, sandbox.path(`link${option}`));
    assert.equal((await sandbox.error(['map', option, `link${option}`, '--force'])).code, 'IN_THE_WAY');
  }
  assert.equal(readFileSync(sandbox.path('old.html'), 'utf8'), 'mine');
  assert.equal((await sandbox.error(['map', '--html', 'a', '--svg', 'a'])).code, 'USAGE');
  assert.equal((await sandbox.error(['map', '--force'])).code, 'USAGE');
  assert.equal((await sandbox.run(['map', '--width', '40', '--svg', 'a'])).exitCode, 2);
  const before = new Snapshot(sandbox.folder);
  assert.equal((await sandbox.error(['map', '-n'])).code, 'USAGE');
  assert.equal((await sandbox.error(['map', '-n', '--html', 'old.html'])).code, 'EXISTS');
  assert.equal((await sandbox.error(['map', '-n', '--html', 'none/x'])).code, 'CANNOT_WRITE');
  const argv = ['map', '--html', 'old.html', '--force', '--svg', 'new.svg'];
  assert.match(await sandbox.ok([...argv, '-n']), /^new\.svg: .* would be written$/m);
  assert.deepEqual(before.changes(), []);
  await sandbox.ok(argv);
  assert.match(readFileSync(sandbox.path('old.html'), 'utf8'), /^<!doctype html>/);
  assert.deepEqual(
    readdirSync(sandbox.folder).filter((name) => name.endsWith('.new')),
    [],
  );
  await sandbox.ok(['fsck']);
});
