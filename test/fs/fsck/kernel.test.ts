import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { pokeExtent, pokeSuperblock } from '../../support/patch.js';
import { PoolSandbox } from '../../support/pool.js';
import { Sandbox } from '../../support/sandbox.js';

const sandbox = new Sandbox(GOLDEN_MASTER);

interface Report {
  readonly errors: number;
  readonly warnings: number;
  readonly counts: Readonly<Record<string, number>>;
}

async function check(image: string, ...argv: string[]): Promise<Report> {
  return JSON.parse((await sandbox.run(['fsck', '-n', '--json', ...argv, image])).stdout);
}

test('--kernel warns of maps that a kernel rejects, and warnings are not errors', async () => {
  const image = goldenImage('g2', sandbox.folder, (i) => {
    pokeSuperblock(i, 'allocationUnit', 4096);
    // apart from the other files, and not a multiple of 2 MiB
    pokeExtent(i, 5, 0, 1, 0xf0001000);
  });
  const plain = await check(image);
  const forms = { v2: 1, d: undefined, any: 1 };
  for (const [form, expected] of Object.entries(forms)) {
    const { counts, errors, warnings } = await check(image, '--kernel', form);
    assert.equal(counts.KERNEL_V2, expected, form);
    assert.deepEqual([errors, warnings], [plain.errors, expected ?? 0], form);
  }
});

test('every kernel accepts the maps of the reference', async () => {
  for (const name of ['g2', 'g3']) {
    const { counts } = await check(goldenImage(name, sandbox.folder), '--kernel', 'any');
    assert.deepEqual(counts, {}, name);
  }
});

interface Found extends Report {
  readonly findings: readonly { readonly code: string; readonly path: string; readonly message: string }[];
}

test('--kernel names files that share pages, in every form, as DANGEROUS', async () => {
  const image = goldenImage('g12', sandbox.folder);
  const { findings } = (await check(image, '--kernel', 'any')) as Found;
  const overlapped = findings.filter(({ code }) => code === 'EXTENT_OVERLAP').map(({ path }) => path);
  assert.equal(overlapped.length, 1);
  for (const code of ['KERNEL_V2', 'KERNEL_D']) {
    const named = findings.filter((finding) => finding.code === code);
    assert.equal(named.length, 2, code);
    assert.ok(named.some(({ path }) => path === overlapped[0]));
    for (const { message } of named) assert.match(message, /_SHARED \(DANGEROUS\).*shares pages with /);
  }
});

test('--kernel names files on a daxdev that is not here: form v2 fails at access, form d refuses the map', async () => {
  const pool = new PoolSandbox();
  const [first, second] = await pool.makePool(64, 64);
  await pool.ok(['creat', '-s', '8M', '--stripes', '2', 'both']);
  const found = async () => {
    const { findings } = await pool.fsck('-n', '--kernel', 'any', first as string);
    return findings.filter(({ code }) => code.startsWith('KERNEL_')).map(({ message }) => message.replace(/:.*/, ''));
  };
  assert.deepEqual(await found(), []);
  rmSync(second as string);
  assert.deepEqual(await found(), ['V2_DAXDEV (EIO at access)', 'D_BACKING_ID (EIO)']);
});
