import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { Sandbox } from '../../support/sandbox.js';
import { VERDICTS } from './damages/golden.js';

const sandbox = new Sandbox(GOLDEN_MASTER);

for (const [name, { exitCode, counts }] of Object.entries(VERDICTS)) {
  test(`fsck judges ${name}`, async () => {
    const image = goldenImage(name, sandbox.folder);
    const run = await sandbox.run(['fsck', image, '--json']);
    assert.equal(run.exitCode, exitCode, run.stderr);
    if (counts === undefined) assert.match(run.stderr, /NO_FAMFS/);
    else assert.deepEqual(JSON.parse(run.stdout).counts, counts);
  });
}

test('an overlap names both files, in text and JSON', async () => {
  const { stdout } = await sandbox.run(['fsck', goldenImage('g12', sandbox.folder)]);
  assert.match(stdout, /EXTENT_OVERLAP.*dir1\/f2m\).*dir1\/f2m1\)/);
});

test('a path that would leave the tree is not replayed', async () => {
  const image = goldenImage('g13', sandbox.folder);
  const { entries } = await sandbox.json<{ entries: { path: string }[] }>(['ls', '-R', '--dev', image]);
  assert.equal(entries.filter(({ path }) => path.includes('escaped')).length, 0);
  assert.equal(entries.length, 12);
});

for (const name of ['g7', 'g9', 'g15', 'g20']) {
  test(`nothing is appended to ${name}`, async () => {
    const image = goldenImage(name, sandbox.folder);
    const error = await sandbox.error(['creat', '-s', '2M', 'new', '--dev', image]);
    assert.equal(error.exitCode, 1);
    assert.match(error.code, /^(SUPERBLOCK_DAMAGED|LOG_DAMAGED|WRONG_SIZE)$/);
  });
}

for (const name of ['g10', 'g12', 'g24', 'g34', 'g31']) {
  test(`a new file on ${name} does not use space that an entry claims`, async () => {
    const image = goldenImage(name, sandbox.folder);
    const before = await claims(image);
    await sandbox.ok(['creat', '-s', '2M', 'new', '--dev', image]);
    const { files } = await sandbox.json<{ files: { extents: { deviceOffset: number; length: number }[] }[] }>([
      'showfmap',
      'new',
      '--dev',
      image,
    ]);
    const extent = files[0]?.extents[0] as { deviceOffset: number; length: number };
    for (const claim of before)
      assert.ok(
        extent.deviceOffset + extent.length <= claim.from || claim.to <= extent.deviceOffset,
        JSON.stringify(claim),
      );
  });
}

/** The space that entries of the image claim, bad ones included. */
async function claims(image: string): Promise<{ from: number; to: number }[]> {
  type Operation = { fmap?: { extents: { deviceOffset: number; length: number }[] } };
  const { operations } = await sandbox.json<{ operations: Operation[] }>(['logplay', '--dev', image]);
  return operations.flatMap(({ fmap }) =>
    (fmap?.extents ?? []).map(({ deviceOffset, length }) => ({ from: deviceOffset, to: deviceOffset + length })),
  );
}
