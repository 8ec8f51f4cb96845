import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { pokeExtent, pokeSuperblock } from '../../support/patch.js';
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

test('--kernel warns of maps that a kernel rejects, and warnings are no errors', async () => {
  const image = goldenImage('g2', sandbox.folder, (i) => {
    pokeSuperblock(i, 'allocationUnit', 4096);
    pokeExtent(i, 5, 0, 1, 0x40001000);
  });
  const plain = await check(image);
  const forms = { v2: 1, d: undefined, any: 1 };
  for (const [form, expected] of Object.entries(forms)) {
    const { counts, errors, warnings } = await check(image, '--kernel', form);
    assert.equal(counts.KERNEL_V2, expected, form);
    assert.deepEqual([errors, warnings], [plain.errors, expected ?? 0], form);
  }
});

test('what the reference made is taken by every kernel', async () => {
  for (const name of ['g2', 'g3']) {
    const { counts } = await check(goldenImage(name, sandbox.folder), '--kernel', 'any');
    assert.deepEqual(counts, {}, name);
  }
});
