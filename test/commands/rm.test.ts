import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Head } from '../support/head.js';
import { overwrite } from '../support/pool.js';
import { MIB, OTHER_UUID, Sandbox } from '../support/sandbox.js';

interface Answer {
  readonly removed: readonly { readonly path: string }[];
  readonly written: boolean;
  readonly unchanged: boolean;
  readonly entriesBefore: number;
  readonly entriesAfter: number;
  readonly freed: number;
}

const IMAGE = 64 * MIB;
const RM = ['rm', '--clients-unmounted'];

async function filled(): Promise<{ sandbox: Sandbox; image: string }> {
  const sandbox = new Sandbox();
  const image = await sandbox.makeFs(IMAGE);
  await sandbox.ok(['mkdir', '-p', 'd/e']);
  await sandbox.ok(['creat', '--seed', '5', '-s', '3M', 'd/e/f', 'g']);
  return { sandbox, image };
}

test('rm frees what it removes, and -n shows the same without a change', async () => {
  const { sandbox, image } = await filled();
  const before = new Head(image, IMAGE);
  const planned = await sandbox.json<Answer>(['rm', '-n', '-r', 'd']);
  assert.ok(before.isUnchanged());
  assert.deepEqual(
    [planned.written, planned.freed, planned.entriesBefore, planned.entriesAfter],
    [false, 4 * MIB, 4, 1],
  );
  assert.deepEqual(
    planned.removed.map(({ path }) => path),
    ['d', 'd/e', 'd/e/f'],
  );
  const free = async () => (await sandbox.json<{ free: number }>(['df'])).free;
  const freeBefore = await free();
  const done = await sandbox.json<Answer>([...RM, '-r', 'd']);
  assert.deepEqual([done.written, done.freed], [true, 4 * MIB]);
  assert.equal((await free()) - freeBefore, 4 * MIB);
  assert.equal(await sandbox.ok(['ls']), 'g\n');
  assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0);
  // what is left has its bytes, and the space is used again
  await sandbox.ok(['creat', '--seed', '6', '-s', '4M', 'h']);
  await sandbox.ok(['verify', '-S', '5', 'g']);
});

test('all paths are removed at once or none', async () => {
  const { sandbox, image } = await filled();
  const before = new Head(image, IMAGE);
  const codes = async (...paths: string[]) => (await sandbox.error([...RM, ...paths])).code;
  assert.equal(await codes('g', 'no'), 'NO_ENTRY');
  assert.equal(await codes('g', 'd'), 'IS_DIRECTORY');
  assert.equal(await codes('g/'), 'NOT_A_DIRECTORY');
  assert.equal(await codes('-r', '/'), 'IS_ROOT');
  assert.equal(await codes('../g'), 'BAD_PATH');
  assert.ok(before.isUnchanged());
  // one is named twice, and one is in another
  const { removed, entriesAfter } = await sandbox.json<Answer>([...RM, '-r', 'd/e/f', 'd', 'g', 'g']);
  assert.deepEqual([removed.length, entriesAfter], [4, 0]);
  assert.equal(await sandbox.ok(['ls', '-R']), '');
  assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0);
});

test('rm needs the Master, and the word that no Client has the file system mounted', async () => {
  const { sandbox } = await filled();
  assert.equal((await sandbox.error(['rm', 'g'])).code, 'CLIENTS_UNKNOWN');
  sandbox.becomeHost(OTHER_UUID);
  assert.equal((await sandbox.error([...RM, 'g'])).code, 'NOT_MASTER');
  assert.ok((await sandbox.json<Answer>(['rm', '-n', 'g'])).removed.length === 1);
});

test('rm --wipe stores zeros where the removed files were, and nowhere else', async () => {
  const { sandbox, image } = await filled();
  const { entries } = await sandbox.json<{ entries: { extents: { deviceOffset: number }[] }[] }>([
    'stat',
    'd/e/f',
    'g',
  ]);
  const [gone = 0, kept = 0] = entries.map(({ extents }) => extents[0]?.deviceOffset);
  const zeros = Buffer.alloc(4 * MIB);
  // in free space: whose bytes these were is not the concern of rm
  const free = IMAGE - 3 * MIB;
  overwrite(image, free, Buffer.from('of an older file'));
  const before = readFileSync(image);
  assert.ok(!before.subarray(gone, gone + 3 * MIB).equals(zeros.subarray(0, 3 * MIB)));
  await sandbox.ok([...RM, '-r', '--wipe', 'd']);
  const after = readFileSync(image);
  assert.ok(after.subarray(gone, gone + 4 * MIB).equals(zeros));
  assert.ok(after.subarray(kept, kept + 3 * MIB).equals(before.subarray(kept, kept + 3 * MIB)));
  assert.equal(after.toString('latin1', free, free + 16), 'of an older file');
  assert.equal(statSync(image).size, IMAGE);
});

test('a log with entries that cannot be used is not rewritten', async () => {
  const { sandbox, image } = await filled();
  overwrite(image, 2 * MIB + 48 + 2 * 544 + 100, Buffer.from('damage'));
  const { code, hint } = await sandbox.error([...RM, 'g']);
  assert.equal(code, 'LOG_DAMAGED');
  assert.match(hint ?? '', /log compact --drop-skipped/);
});

test('a full primary needs a file for the journal', async () => {
  const { sandbox, image } = await filled();
  const { largestHole } = await sandbox.json<{ largestHole: number }>(['df']);
  await sandbox.ok(['creat', '-s', `${largestHole}`, 'rest']);
  const { code, hint } = await sandbox.error([...RM, 'g']);
  assert.equal(code, 'NO_SPACE');
  assert.match(hint ?? '', /--journal FILE/);
  writeFileSync(`${sandbox.folder}/mine`, 'mine');
  assert.equal((await sandbox.error([...RM, 'g', '--journal', `${sandbox.folder}/mine`])).code, 'JOURNAL');
  assert.equal(readFileSync(`${sandbox.folder}/mine`, 'utf8'), 'mine');
  await sandbox.ok([...RM, 'g', '--journal', `${sandbox.folder}/journal`]);
  assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0);
  await sandbox.ok([...RM, 'rest']);
});
