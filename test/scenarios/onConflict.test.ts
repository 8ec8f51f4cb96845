/** onConflict of a manifest: what exists and differs is left alone, changed or replaced, as the manifest says, or nothing happens. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ApplyDocument } from '../../src/commands/apply.js';
import type { PlanDocument } from '../../src/commands/plan.js';
import { Head } from '../support/head.js';
import { PoolSandbox } from '../support/pool.js';
import { MIB } from '../support/sandbox.js';

const CONSENT = '--clients-unmounted';

async function sandboxOf(...sizes: number[]): Promise<{ sandbox: PoolSandbox; declare: (text: string) => void }> {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(...sizes);
  return { sandbox, declare: (text) => writeFileSync(sandbox.path('m.yaml'), text) };
}

function unchanged(sandbox: PoolSandbox, ...sizes: number[]): () => void {
  const heads = sizes.map((size, i) => new Head(sandbox.path(`p${i}.img`), size * MIB));
  return () => {
    for (const head of heads) assert.ok(head.isUnchanged(), head.path);
  };
}

const actionsOf = ({ items }: PlanDocument) => items.map(({ path, action }) => `${path} ${action}`);

test('each item is kept, changed or replaced as it says, in one rewrite, and then all is as declared', async () => {
  const { sandbox, declare } = await sandboxOf(32, 32);
  await sandbox.ok(['mkdir', '-m', '755', 'd']);
  await sandbox.ok(['creat', '-s', '2M', '--seed', '1', 'd/small', 'd/kept', 'd/owned', 'd/simple', 'd/other']);
  declare(`
defaults: {onConflict: replace}
directories: [{path: d, mode: 0700}]
files:
  - {path: d/small, size: 3M, seed: 2}
  - {path: d/kept, size: 9M, onConflict: keep}
  - {path: d/owned, size: 2M, uid: 4321, mode: 0600, seed: 9, onConflict: change}
  - {path: d/simple, size: 2M, stripes: 2, seed: 3}
  - {path: new, size: 1M, seed: 4, onConflict: fail}
`);
  const assertUnchanged = unchanged(sandbox, 32, 32);
  const { exitCode, stdout } = await sandbox.run(['plan', 'm.yaml']);
  assert.equal(exitCode, 2);
  assert.match(stdout, /^~ d\/: has mode 0755, not 0700\n-\/\+ d\/small 3M: has 2097152 bytes, not 3145728\n= d\/kept/);
  assert.match(stdout, /2 to replace, 2 to change, 1 to keep as they are, 1 not .*\napply rewrites the log .*\n$/);
  assert.equal((await sandbox.error(['apply', 'm.yaml'])).code, 'CLIENTS_UNKNOWN');
  const dry = await sandbox.json<ApplyDocument>(['apply', '-n', 'm.yaml']);
  assert.deepEqual([dry.rewritesLog, dry.written], [true, false]);
  assertUnchanged();
  const made = await sandbox.json<ApplyDocument>(['apply', CONSENT, 'm.yaml']);
  assert.deepEqual(actionsOf(made), [
    'd change',
    'd/small replace',
    'd/kept keep',
    'd/owned change',
    'd/simple replace',
    'new create',
  ]);
  const listing = await sandbox.ok(['ls', '-l', 'd']);
  assert.match(listing, /2097152 kept\n.* other\n-rw------- 4321 +\S+ +2097152 owned\n.* simple\n.* 3145728 small\n/);
  for (const [seed, ...paths] of [
    ['1', 'd/kept', 'd/owned', 'd/other'],
    ['2', 'd/small'],
    ['3', 'd/simple'],
    ['4', 'new'],
  ])
    await sandbox.ok(['verify', '--seed', seed as string, ...paths]);
  const { exitCode: fsck, daxdevs } = await sandbox.fsck();
  assert.equal(fsck, 0);
  // the old files' space is free: 3 of 1 unit, one of 2, and two strips; and the new one
  assert.equal(
    daxdevs.reduce((sum, { used }) => sum + used, 0),
    (3 + 2 + 2 + 1) * 2 * MIB,
  );
  const again = await sandbox.json<PlanDocument>(['plan', 'm.yaml']);
  assert.deepEqual([again.counts.keep, again.counts.exists, again.rewritesLog], [1, 5, false]);
  await sandbox.ok(['apply', 'm.yaml']);
});

test('the journal of a rewrite leaves the bytes of what is replaced alone', async () => {
  // with one daxdev, both the new file and the journal go to the lowest place that is free
  const { sandbox, declare } = await sandboxOf(32);
  await sandbox.ok(['creat', '-s', '2M', '--seed', '1', 'f']);
  declare('files: [{path: f, size: 3M, seed: 2, onConflict: replace}]');
  await sandbox.ok(['apply', CONSENT, 'm.yaml']);
  await sandbox.ok(['verify', '--seed', '2', 'f']);
});

test('what another kind has, and what change cannot set, stays a conflict', async () => {
  const { sandbox, declare } = await sandboxOf(32);
  await sandbox.ok(['mkdir', 'd']);
  await sandbox.ok(['creat', '-s', '2M', 'f']);
  const assertUnchanged = unchanged(sandbox, 32);
  for (const [text, hint] of [
    ['files: [{path: d, size: 1M, onConflict: replace}]', /remove what exists with famfs rm/],
    ['directories: [{path: f, onConflict: replace}]', /remove what exists with famfs rm/],
    ['files: [{path: f, size: 1M, onConflict: change}]', /onConflict: replace makes the file again/],
    ['files: [{path: f, size: 1M}]', /say with onConflict/],
  ] as const) {
    declare(text);
    const error = await sandbox.error(['apply', CONSENT, 'm.yaml']);
    assert.equal(error.code, 'CONFLICT', text);
    assert.match(error.hint ?? '', hint);
  }
  declare('files: [{path: d, size: 1M, onConflict: keep}, {path: f, size: 1M, onConflict: keep}]');
  await sandbox.ok(['apply', 'm.yaml']);
  assertUnchanged();
});

test('a file whose new bytes cannot be had keeps its old ones, and the others are replaced', async () => {
  const { sandbox, declare } = await sandboxOf(32);
  await sandbox.ok(['creat', '-s', '1M', '--seed', '1', 'bad', 'good']);
  declare(`
defaults: {onConflict: replace}
files:
  - {path: bad, size: 2M, seed: 2, sha256: ${'a'.repeat(64)}}
  - {path: good, size: 2M, seed: 2}
`);
  const { exitCode, stdout } = await sandbox.run(['apply', CONSENT, 'm.yaml']);
  assert.equal(exitCode, 1);
  assert.match(stdout, /\n0 made, 0 as declared, 1 replaced, 1 failed\n$/);
  await sandbox.ok(['verify', '--seed', '1', 'bad']);
  await sandbox.ok(['verify', '--seed', '2', 'good']);
  declare('files: [{path: good, source: missing, onConflict: replace, stripes: 2, size: 2M}]');
  assert.equal((await sandbox.error(['apply', CONSENT, 'm.yaml'])).code, 'CANNOT_READ');
  await sandbox.ok(['verify', '--seed', '2', 'good']);
  declare('files: [{path: good, size: 2M, mode: 0600, onConflict: change}]');
  await sandbox.ok(['apply', CONSENT, 'm.yaml']);
  assert.match(await sandbox.ok(['ls', '-l', 'good']), /^-rw------- /);
});

test('old and new file and the journal need room at the same time, or nothing happens', async () => {
  const { sandbox, declare } = await sandboxOf(16);
  await sandbox.ok(['creat', '-s', '2M', '--seed', '1', 'a']);
  const assertUnchanged = unchanged(sandbox, 16);
  const replace = (size: string, ...options: string[]) => {
    declare(`files: [{path: a, size: ${size}, seed: 2, onConflict: replace}, {path: b, size: 1}]`);
    return ['apply', CONSENT, ...options, 'm.yaml'];
  };
  assert.equal((await sandbox.error(replace('6M'))).code, 'NO_SPACE');
  const { code, message, hint } = await sandbox.error(replace('1M'));
  assert.deepEqual(
    [code, /journal of the rewrite/.test(message), /--journal FILE/.test(hint ?? '')],
    ['NO_SPACE', true, true],
  );
  assertUnchanged();
  await sandbox.ok(replace('1M', '--journal', 'journal'));
  await sandbox.ok(['verify', '--seed', '2', 'a']);
  assert.equal((await sandbox.fsck()).exitCode, 0);
});

test('a file system that is mounted or mapped is refused before anything is made', async () => {
  const { sandbox, declare } = await sandboxOf(16);
  await sandbox.ok(['creat', '-s', '1M', 'a']);
  declare('files: [{path: a, size: 2M, onConflict: replace}, {path: new, size: 1}]');
  const proc = join(sandbox.env.FAMFS_SYSROOT as string, 'proc');
  mkdirSync(join(proc, '77'), { recursive: true });
  writeFileSync(join(proc, '77/maps'), `7f00-7f80 rw-s 00000000 00:63 1        ${sandbox.path('p0.img')}\n`);
  const assertUnchanged = unchanged(sandbox, 16);
  assert.equal((await sandbox.error(['apply', CONSENT, 'm.yaml'])).code, 'MAPPED');
  assertUnchanged();
});

test('a daxdev may be named by the label of its file system, which stands for all its daxdevs', async () => {
  const sandbox = new PoolSandbox();
  sandbox.images(16, 16, 16);
  await sandbox.ok(['mkfs', '--label', 'models', 'p0.img', 'p1.img']);
  const folder = join(sandbox.folder, 'elsewhere');
  mkdirSync(folder);
  const declare = (daxdevs: string) => writeFileSync(sandbox.path('m.yaml'), `pool: {daxdevs: ${daxdevs}}`);
  declare('[{label: models}, p2.img]');
  assert.equal((await sandbox.run(['plan', 'm.yaml'])).exitCode, 2);
  const made = await sandbox.json<ApplyDocument>(['apply', 'm.yaml']);
  assert.deepEqual(
    made.pool?.daxdevs.map(({ action }) => action),
    ['exists', 'exists', 'create'],
  );
  // images are looked for beside the manifest, wherever the command runs
  declare('[{label: models}]');
  const { exitCode, stdout } = await sandbox.run(['plan', '../m.yaml'], { cwd: folder });
  assert.deepEqual([exitCode, stdout], [0, '0 to make, 3 as declared\n']);
  const uuid = (await sandbox.list('--dev', 'p0.img')).daxdevs[0]?.uuid;
  declare(`[{uuid: ${uuid}}, p1.img, p2.img]`);
  assert.equal((await sandbox.run(['plan', '../m.yaml'], { cwd: folder })).exitCode, 0);
  declare('[{label: others}]');
  const error = await sandbox.error(['apply', 'm.yaml']);
  assert.deepEqual([error.code, error.message.startsWith('m.yaml:1:18: ')], ['NO_FAMFS', true]);
});
