/** Files of trees, which are planned and copied as columns where nothing is special about them. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LogEntry } from '../../../src/format/entries/entryTypes.js';
import { makeRandom } from '../../../src/fs/allocate/random.js';
import type { FamfsError } from '../../../src/fs/errors.js';
import { WriteSession } from '../../../src/fs/pool/writeSession.js';
import { sortOut } from '../../../src/fs/transfer/filled.js';
import { fillPlanned } from '../../../src/fs/transfer/fillFiles.js';
import { groupsOf } from '../../../src/fs/transfer/groups.js';
import type { InPlan } from '../../../src/fs/transfer/inPlan.js';
import { planIn } from '../../../src/fs/transfer/planIn.js';
import { PseudoFiles } from '../../../src/fs/transfer/pseudoFiles.js';
import { walkSource } from '../../../src/fs/transfer/sourceTree.js';
import { TreePart } from '../../../src/fs/transfer/treeFiles.js';
import { MIB, Sandbox } from '../../support/sandbox.js';
import { readTree } from '../../support/tree.js';

interface Row {
  source: string;
  path: string;
  size: number;
  existed: boolean;
}
interface Copied {
  files: Row[];
  bytes: number;
  failed: { path: string; code: string; message: string }[];
}

const LAYOUT = { stripes: 0, chunkSize: undefined, policy: 'fill', contiguous: false } as const;

function makeFiles(sandbox: Sandbox, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(sandbox.folder, path, '..'), { recursive: true });
    writeFileSync(join(sandbox.folder, path), content);
  }
}

async function smallUnits(sandbox: Sandbox, size: number): Promise<void> {
  await sandbox.makeFs(size, '--alloc-unit', '4k');
}

async function copied(sandbox: Sandbox, argv: readonly string[]): Promise<Copied> {
  return JSON.parse((await sandbox.run([...argv, '--json'])).stdout) as Copied;
}

/** A session, and the plan to copy the folder `tree` of the sandbox into its root. */
async function planTree(sandbox: Sandbox, verify = false): Promise<{ session: WriteSession; plan: InPlan }> {
  const session = WriteSession.open({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, []);
  const { signal } = new AbortController();
  const failed = (error: FamfsError) => assert.fail(error);
  const walk = { recursive: true, dereference: false, signal, pseudoFiles: new PseudoFiles(), failed };
  const sources = await walkSource(Buffer.from(join(sandbox.folder, 'tree')), walk);
  const owner = { uid: 1, gid: 2 };
  const plan = planIn(session, [{ operand: 'tree', sources }], '/', {
    layout: LAYOUT,
    random: makeRandom(1),
    allowBytes: false,
    owner,
    override: {},
    ownerAsked: false,
    caller: owner,
    unmapped: { uid: -1, gid: -1 },
    verify,
    failed,
  });
  for (const directory of plan.directories) session.append(directory);
  return { session, plan };
}

const controlOf = (signal = new AbortController().signal, advance = () => {}) => ({ threads: 3, signal, advance });

test('names and sizes of every kind go in, in the order of the walk, and a dry run tells the same', async () => {
  const sandbox = new Sandbox();
  await smallUnits(sandbox, 128 * MIB);
  const long = 'x'.repeat(75);
  makeFiles(sandbox, {
    'tree/.hidden': 'hidden',
    'tree/.meta': 'no meta file',
    'tree/a b': 'a',
    'tree/control\x01': 'refused',
    'tree/d/.d': 'd',
    'tree/d/e/f': 'f',
    [`tree/d/${long}`]: 'refused',
    'tree/d/large': Buffer.alloc(MIB + 1, 'large'),
    'tree/d/most': Buffer.alloc(MIB, 'most'),
    'tree/ü/plain in it': 'p',
    'tree/ü/ü': 'u',
    'tree/z': Buffer.alloc(5000, 'z'),
  });
  const expected = ['.hidden', '.meta', 'a b', 'd/.d', 'd/e/f', 'd/large', 'd/most', 'z', 'ü/plain in it', 'ü/ü'];
  const cp = ['cp', '-r', '--mode', '640', '--uid', '7', '--gid', '8', 'tree', '/'];
  const wouldBe = await copied(sandbox, [...cp, '--dry-run']);
  const { files, failed, bytes } = await copied(sandbox, cp);
  assert.deepEqual(
    files.map(({ path, source, existed }) => [path, source, existed]),
    expected.map((path) => [`tree/${path}`, join(sandbox.folder, 'tree', path), false]),
  );
  assert.deepEqual(wouldBe.files, files);
  assert.equal(
    bytes,
    files.reduce((sum, { size }) => sum + size, 0),
  );
  assert.deepEqual(failed.map(({ code }) => code).sort(), ['BAD_PATH', 'BAD_PATH']);
  await sandbox.ok(['fsck']);
  const { entries } = await sandbox.json<{ entries: { uid: number; gid: number; mode: number; size: number }[] }>([
    'stat',
    ...files.map(({ path }) => path),
  ]);
  for (const [i, { uid, gid, size }] of entries.entries())
    assert.deepEqual([uid, gid, size], [7, 8, files[i]!.size], files[i]!.path);
  rmSync(join(sandbox.folder, 'tree', 'control\x01'));
  rmSync(join(sandbox.folder, 'tree', 'd', long));
  await sandbox.ok(['get', '-r', 'tree', 'back']);
  const bytesOf = (name: string) =>
    [...readTree(join(sandbox.folder, name))].map(([path, content]) => [path, content.replace(/^\d+ /, '')]);
  assert.deepEqual(bytesOf('back'), bytesOf('tree'));
});

test('names of both kinds in turn are reported in their order, over several groups', async () => {
  const sandbox = new Sandbox();
  await smallUnits(sandbox, 64 * MIB);
  const names = Array.from({ length: 1200 }, (_, i) => `${String(i).padStart(4, '0')}${i % 3 === 0 ? 'ü' : ''}`);
  makeFiles(sandbox, Object.fromEntries(names.map((name) => [`tree/${name}`, name])));
  const { files } = await copied(sandbox, ['cp', '-r', '--verify', 'tree', '/']);
  assert.deepEqual(
    files.map(({ path }) => path),
    names.map((name) => `tree/${name}`),
  );
  await sandbox.ok(['fsck']);
});

test('of two trees that meet, the first has a name, and a file is no parent', async () => {
  const sandbox = new Sandbox();
  await smallUnits(sandbox, 64 * MIB);
  makeFiles(sandbox, { 'one/d/a': '1', 'one/d/b': '1', 'one/d/c': '1', 'one/d/s/x': '1' });
  makeFiles(sandbox, { 'two/d/a': '2', 'two/d/c/f': '2', 'two/d/e': '2', 'two/d/s/x': '2', 'two/d/s/y': '2' });
  const { files, failed } = await copied(sandbox, ['cp', '-r', 'one/d', 'two/d', '/']);
  assert.deepEqual(
    files.map(({ path }) => path),
    ['d/a', 'd/b', 'd/c', 'd/s/x', 'd/e', 'd/s/y'],
  );
  assert.deepEqual(
    failed.map(({ path, code, message }) => [path, code, message.replace(/.*: /, '')]),
    [
      ['d/a', 'EXISTS', 'd/a is already the target of an earlier source'],
      ['d/c/f', 'NO_PARENT', 'its parent d/c is a file'],
      ['d/s/x', 'EXISTS', 'd/s/x is already the target of an earlier source'],
    ],
  );
  await sandbox.ok(['get', '-r', 'd', 'back']);
  const bytes = (name: string) => readFileSync(join(sandbox.folder, 'back', name), 'latin1');
  assert.deepEqual(['a', 'b', 'c', 'e', 's/x', 's/y'].map(bytes).join(''), '111212');
  await sandbox.ok(['fsck']);
});

test('a tree without room is refused whole, and the file is named', async () => {
  const sandbox = new Sandbox();
  await smallUnits(sandbox, 16 * MIB);
  for (let i = 0; i < 20; i++) makeFiles(sandbox, { [`tree/d/f${i}`]: Buffer.alloc(MIB, i) });
  const { code, message } = await sandbox.error(['cp', '-r', 'tree', '/']);
  assert.equal(code, 'NO_SPACE');
  assert.match(message, /^no room for tree\/d\/f\d+, which needs 1048576 bytes/);
  assert.equal(await sandbox.ok(['ls']), '');
});

for (const [listener, verify] of [
  [false, false],
  [true, false],
  [false, true],
] as const) {
  const how = `${listener ? 'with a listener' : 'without a listener'}${verify ? ', verified' : ''}`;
  test(`${how}, files of a tree that are not as they were planned fail one by one`, async () => {
    const sandbox = new Sandbox();
    await smallUnits(sandbox, 64 * MIB);
    for (let i = 0; i < 8; i++) makeFiles(sandbox, { [`tree/f${i}`]: `${i}`.repeat(5000) });
    const { session, plan } = await planTree(sandbox, verify);
    assert.ok(plan.files.every((one) => one instanceof TreePart));
    assert.equal(plan.fileCount, 8);
    const appended: string[] = [];
    if (listener) session.onAppended = (entry: LogEntry) => 'path' in entry && appended.push(entry.path);
    const fileAt = (i: number) => join(sandbox.folder, 'tree', `f${i}`);
    rmSync(fileAt(1));
    appendFileSync(fileAt(3), 'more');
    truncateSync(fileAt(4), 10);
    rmSync(fileAt(6));
    mkdirSync(fileAt(6));
    const { done, others } = sortOut(await fillPlanned(session, plan.files, controlOf()));
    assert.deepEqual(
      others.map(({ plan: { entry }, state, error }) => [entry.path, state, error?.code]),
      [
        ['tree/f1', 'not made', 'CANNOT_READ'],
        ['tree/f3', 'not made', 'CHANGED'],
        ['tree/f4', 'not made', 'CHANGED'],
        ['tree/f6', 'not made', 'CHANGED'],
      ],
    );
    const made = ['tree/f0', 'tree/f2', 'tree/f5', 'tree/f7'];
    assert.deepEqual(
      [...done].map(({ path }) => path),
      made,
    );
    assert.deepEqual([done.length, done.bytes], [4, 20_000]);
    assert.equal(session.volume.replay.namespace.fileCount, 4);
    if (listener) assert.deepEqual(appended, made);
    session.close();
    await sandbox.ok(['get', '-r', 'tree', 'back']);
    for (const name of ['f0', 'f2', 'f5', 'f7'])
      assert.equal(readFileSync(join(sandbox.folder, 'back', name), 'latin1'), name.slice(1).repeat(5000));
    await sandbox.ok(['fsck']);
  });
}

test('a copy of a tree that is interrupted has whole files only', async () => {
  const sandbox = new Sandbox();
  await smallUnits(sandbox, 64 * MIB);
  makeFiles(sandbox, Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`tree/f${i}`, 'x'.repeat(8000)])));
  const { session, plan } = await planTree(sandbox, true);
  const parts = groupsOf(plan.files).map(({ members }) => members.map((one) => one instanceof TreePart && one.to));
  assert.deepEqual(parts, [[1024], [1500]]);
  const controller = new AbortController();
  const control = controlOf(controller.signal, () => controller.abort());
  const { done, others } = sortOut(await fillPlanned(session, plan.files, control));
  assert.ok(done.length < 1500, String(done.length));
  assert.equal(done.length + others.length, 1500);
  assert.ok(others.every(({ state, error }) => state === 'not made' && error === undefined));
  assert.equal(session.volume.replay.namespace.fileCount, done.length);
  session.close();
  await sandbox.ok(['fsck']);
});
