import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { takeApart } from '../../support/page.js';
import { withPoison } from '../../support/poison.js';
import { PoolSandbox } from '../../support/pool.js';
import { MIB } from '../../support/sandbox.js';

/** files begin after superblock and log */
const BEGIN = 10 * MIB;
const CUT = 20 * MIB + 3 * 4096;

interface MapDocument {
  readonly daxdevs: readonly {
    readonly cells: readonly { readonly deviceOffset: number; readonly length: number; readonly poisoned: number }[];
  }[];
  readonly poison: {
    readonly bytes: number;
    readonly ranges: readonly {
      readonly daxdev: number;
      readonly deviceOffset: number;
      readonly length: number;
      readonly files: readonly string[];
    }[];
    readonly unread: readonly number[];
  } | null;
}

/** A pool whose primary has a, b and c without a gap, and its image. */
async function poolOfThree(): Promise<{ sandbox: PoolSandbox; primary: string }> {
  const sandbox = new PoolSandbox();
  const [primary = ''] = await sandbox.makePool(64, 32);
  await sandbox.ok(['creat', '-s', '8M', '--policy', 'fill', 'a', 'b', 'c']);
  return { sandbox, primary };
}

test('map marks the memory that cannot be read, and names the files in it', async () => {
  const { sandbox, primary } = await poolOfThree();
  const poisoned = <T>(work: () => Promise<T>) => withPoison(primary, 64 * MIB, CUT, work);
  const ends = { files: BEGIN + 24 * MIB, all: 64 * MIB };
  for (const [scope, end] of Object.entries(ends)) {
    const argv = ['map', '--check-poison', scope, '--width', '73'];
    const { daxdevs, poison } = await poisoned(() => sandbox.json<MapDocument>(argv));
    const range = { daxdev: 0, deviceOffset: CUT, length: end - CUT, files: ['b', 'c'] };
    assert.deepEqual(poison?.ranges, [range]);
    // of the other daxdev, superblock and log are read, or all
    assert.equal(poison?.bytes, CUT + (scope === 'all' ? 32 : 2) * MIB);
    for (const { deviceOffset, length, poisoned } of daxdevs[0]?.cells ?? []) {
      const expected = Math.min(deviceOffset + length, end) - Math.max(deviceOffset, CUT);
      assert.equal(poisoned, Math.max(expected, 0));
    }
    assert.ok(daxdevs[1]?.cells.every((cell) => cell.poisoned === 0));
  }
  const text = await poisoned(() => sandbox.ok(['map', '--check-poison', 'files', '--width', '73']));
  assert.match(text, /^0 \|={5}#{5}X{7}\.{15}\| /);
  assert.match(text, /= superblock.* X poison;/);
  assert.match(
    text,
    /\nread 22M of superblock, log and files\npoison: 14M of daxdev 0 at 0x1403000, in b and 1 more file\n$/,
  );
});

test('map marks poison in the image and in the page', async () => {
  const { sandbox, primary } = await poolOfThree();
  const argv = ['map', '--check-poison', 'all', '--svg', 'pool.svg', '--html', 'pool.html'];
  await withPoison(primary, 64 * MIB, CUT, () => sandbox.ok(argv));
  const image = readFileSync(sandbox.path('pool.svg'), 'utf8');
  const marks = [...image.matchAll(/url\(#poison\)"[^>]* x="([\d.]+)"[^>]* width="([\d.]+)".*<title>(.*)<\/title>/g)];
  assert.equal(marks.length, 1);
  const [, x, width, title] = marks[0] as unknown as [string, string, string, string];
  const share = (1200 - 64 - 16) / (64 * MIB);
  assert.ok(Math.abs(Number(x) - 64 - CUT * share) < 0.01 && Math.abs(Number(width) - (64 * MIB - CUT) * share) < 0.01);
  assert.equal(title, `poison: ${(64 * MIB - CUT) / 1024}K of daxdev 0 at 0x1403000`);
  const { header } = takeApart(readFileSync(sandbox.path('pool.html'), 'utf8')).data;
  assert.equal(header.checked, 'all');
  assert.deepEqual(
    header.daxdevs.map((daxdev) => daxdev.poisoned),
    [[CUT, 64 * MIB], []],
  );
});

test('map without poison says so, and which daxdevs it could not read', async () => {
  const { sandbox } = await poolOfThree();
  assert.match(
    await sandbox.ok(['map', '--check-poison', 'all', '--threads', '2']),
    /\nread 96M of the daxdevs: no poison\n$/,
  );
  assert.equal((await sandbox.json<MapDocument>(['map'])).poison, null);
  rmSync(sandbox.path('p1.img'));
  const { poison } = await sandbox.json<MapDocument>(['map', '--check-poison', 'files', '--quiet']);
  assert.deepEqual(poison, { scope: 'files', bytes: 34 * MIB, ranges: [], unread: [1] });
  const text = await sandbox.ok(['map', '--check-poison', 'files', '--quiet']);
  assert.match(text, /\nnot read: 1 daxdev that this host does not have \(1\)\n$/);
  assert.equal((await sandbox.error(['map', '--check-poison', 'some'])).code, 'USAGE');
  assert.equal((await sandbox.error(['map', '--threads', '2'])).code, 'USAGE');
});
