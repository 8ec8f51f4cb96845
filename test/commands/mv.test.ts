import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MIB, Sandbox } from '../support/sandbox.js';

const MV = ['mv', '--clients-unmounted'];

async function filled(): Promise<Sandbox> {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['mkdir', '-p', 'd/e', 'x']);
  // one thread: their entries are then in this order
  await sandbox.ok(['creat', '--seed', '5', '--threads', '1', '-s', '3M', 'd/e/f', 'g', 'h']);
  return sandbox;
}

async function paths(sandbox: Sandbox): Promise<string[]> {
  const entries = await sandbox.entries();
  return entries.map(({ path }) => path).sort();
}

test('mv renames and moves files and directories, with what is in them', async () => {
  const sandbox = await filled();
  await sandbox.ok([...MV, 'g', 'renamed']);
  await sandbox.ok([...MV, 'd', 'renamed', 'x/']);
  // x was made after d, and must come before it now
  assert.deepEqual(await paths(sandbox), ['h', 'x', 'x/d', 'x/d/e', 'x/d/e/f', 'x/renamed']);
  await sandbox.ok([...MV, 'x/d/e', '/']);
  const { moved } = await sandbox.json<{ moved: unknown[] }>([...MV, 'e', 'h', 'x/d']);
  assert.deepEqual(moved, [
    { from: 'e', to: 'x/d/e', slot: 2 },
    { from: 'h', to: 'x/d/h', slot: 5 },
  ]);
  await sandbox.ok(['verify', '-S', '5', 'x/d/e/f', 'x/d/h', 'x/renamed']);
});

test('what mv refuses changes nothing', async () => {
  const sandbox = await filled();
  const before = await paths(sandbox);
  const code = async (...argv: string[]) => (await sandbox.error([...MV, ...argv])).code;
  assert.equal(await code('g', 'h'), 'EXISTS');
  assert.equal(await code('g', 'd/e', 'h'), 'NOT_A_DIRECTORY');
  assert.equal(await code('g', 'new/'), 'NOT_A_DIRECTORY');
  assert.equal(await code('g', 'no/where'), 'NO_PARENT');
  assert.equal(await code('no', 'where'), 'NO_ENTRY');
  assert.equal(await code('d', 'd/e/d'), 'IN_ITSELF');
  assert.equal(await code('d', 'd'), 'IN_ITSELF');
  assert.equal(await code('/', 'x'), 'IS_ROOT');
  assert.equal(await code('g', '.meta'), 'BAD_PATH');
  assert.equal(await code('d', 'n'.repeat(76)), 'BAD_PATH');
  assert.equal(await code('--force', 'd/e', 'g'), 'EXISTS');
  assert.equal((await sandbox.error([...MV, 'g'])).exitCode, 2);
  assert.deepEqual(await paths(sandbox), before);
});

test('mv --force replaces a file by a file, whose space is free then', async () => {
  const sandbox = await filled();
  const { freed, replaced } = await sandbox.json<{ freed: number; replaced: { path: string }[] }>([
    ...MV,
    '-f',
    'd/e/f',
    'g',
  ]);
  assert.deepEqual([freed, replaced.map(({ path }) => path)], [4 * MIB, ['g']]);
  assert.deepEqual(await paths(sandbox), ['d', 'd/e', 'g', 'h', 'x']);
  await sandbox.ok(['verify', '-S', '5', 'g']);
});

test('mv to the same name leaves the log as it is', async () => {
  const sandbox = await filled();
  const { written, unchanged } = await sandbox.json([...MV, 'g', '/g']);
  assert.deepEqual([written, unchanged], [false, true]);
});
