/** Small files that are copied in together have the right bytes in every layout that a small file can have. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shellIn } from '../../support/famfs.js';
import { Random } from '../../support/random.js';
import { MIB, Sandbox } from '../../support/sandbox.js';

const KIB = 1024;
const PAGE = 4 * KIB;

/** Options of cp, and sizes on both sides of the ends of chunks, of strips and of the largest file that is copied with others. */
interface Case {
  readonly stripes: number;
  readonly chunk: number;
  readonly sizes: readonly number[];
}

interface Mapped {
  files: { path: string; size: number; layout: string; chunkSize: number | null; extents: unknown[] }[];
}

const around = (...sizes: number[]) => [...new Set(sizes.flatMap((size) => [size - 1, size, size + 1]))];

const SMALL_UNIT: readonly Case[] = [
  { stripes: 1, chunk: PAGE, sizes: around(PAGE, 2 * PAGE, 5 * PAGE, 33 * PAGE) },
  { stripes: 1, chunk: 64 * KIB, sizes: around(64 * KIB, 128 * KIB, 320 * KIB) },
  { stripes: 1, chunk: 512 * KIB, sizes: around(512 * KIB, MIB) },
  { stripes: 2, chunk: PAGE, sizes: around(PAGE, 2 * PAGE, 5 * PAGE, 33 * PAGE) },
  { stripes: 3, chunk: 64 * KIB, sizes: around(64 * KIB, 192 * KIB, 384 * KIB) },
];

const LARGE_UNIT: readonly Case[] = [
  { stripes: 1, chunk: 2 * MIB, sizes: [1, PAGE, ...around(MIB, 2 * MIB, 4 * MIB)] },
  { stripes: 2, chunk: 2 * MIB, sizes: [1, PAGE, ...around(MIB, 2 * MIB, 4 * MIB)] },
];

for (const [unit, cases] of [
  ['4k', SMALL_UNIT],
  ['2M', LARGE_UNIT],
] as const) {
  test(`files of one strip or several, larger than a chunk or not, get all their bytes in units of ${unit}`, async (t) => {
    const sandbox = new Sandbox();
    const random = new Random(t);
    const bytes = random.bytes(5 * MIB);
    const some = (size: number) => bytes.subarray(random.below(bytes.length - size)).subarray(0, size);
    await sandbox.makeFs(256 * MIB, '--alloc-unit', unit);
    mkdirSync(join(sandbox.folder, 'in'));
    // the second time over the bytes of the first, in their places
    for (let round = 0; round < 2; round++) {
      for (const one of cases) {
        const folder = `in/${one.stripes}-${one.chunk}`;
        mkdirSync(join(sandbox.folder, folder), { recursive: true });
        for (const size of one.sizes) writeFileSync(join(sandbox.folder, folder, String(size)), some(size));
        await sandbox.ok(['mkdir', '-p', '/in']);
        await sandbox.ok(['cp', '-r', '--stripes', String(one.stripes), '--chunk', String(one.chunk), folder, '/in']);
        await requireLayouts(sandbox, folder, one);
      }
      await sandbox.ok(['fsck']);
      await requireSame(sandbox);
    }
  });
}

/** Requires the layouts that the options ask for: without them the test would prove nothing. */
async function requireLayouts(sandbox: Sandbox, folder: string, { stripes, chunk, sizes }: Case): Promise<void> {
  const paths = sizes.map((size) => `${folder}/${size}`);
  const { files } = await sandbox.json<Mapped>(['showfmap', ...paths]);
  assert.equal(files.length, sizes.length);
  for (const { path, size, layout, chunkSize, extents } of files) {
    const expected = size < chunk ? ['simple', null, 1] : ['interleaved', chunk, stripes];
    assert.deepEqual([layout, chunkSize, extents.length], expected, path);
  }
}

/** Requires that get and cat return the bytes of the tree `in`. */
async function requireSame(sandbox: Sandbox): Promise<void> {
  await sandbox.ok(['get', '-r', 'in', 'out']);
  const { exitCode, stdout } = await shellIn(
    sandbox,
    'diff -r in out && rm -r out && $FAMFS cat in/*/* | cmp - <(cat in/*/*) 2>&1',
  );
  assert.deepEqual([exitCode, stdout], [0, '']);
}
