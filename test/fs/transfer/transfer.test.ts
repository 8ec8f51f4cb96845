/** Filling files when memory is bad, when sources change, and when the work is interrupted. */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreationPlan } from '../../../src/fs/allocate/creationPlan.js';
import { makeRandom } from '../../../src/fs/allocate/random.js';
import { WriteSession } from '../../../src/fs/pool/writeSession.js';
import type { Content } from '../../../src/fs/transfer/content.js';
import { transferEach } from '../../../src/fs/transfer/eachFile.js';
import { fillFiles } from '../../../src/fs/transfer/fillFiles.js';
import type { Source } from '../../../src/fs/transfer/listedFiles.js';
import { PseudoFiles } from '../../../src/fs/transfer/pseudoFiles.js';
import { walkSource } from '../../../src/fs/transfer/sourceTree.js';
import type { TransferControl } from '../../../src/fs/transfer/transferFile.js';
import { workWeighted } from '../../../src/fs/transfer/weighted.js';
import { overwrite } from '../../support/pool.js';
import { MIB, Sandbox } from '../../support/sandbox.js';

const LAYOUT = { stripes: 4, chunkSize: 2 * MIB, policy: 'fill', contiguous: false, daxdevs: undefined } as const;
const ZEROS: Content = { from: 'zeros' };
const PATTERN: Content = { from: 'pattern', seed: 3n };
const controlOf = (signal = new AbortController().signal, threads = 3) => ({ threads, signal, advance: () => {} });

async function openSession(sandbox: Sandbox): Promise<WriteSession> {
  await sandbox.makeFs(64 * MIB);
  return WriteSession.open({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, []);
}

/** Fills one new file, and returns what became of it. */
async function fill(
  session: WriteSession,
  path: string,
  size: number,
  content: Content,
  control: TransferControl = controlOf(),
) {
  const request = { path, size, mode: 0o644, uid: 0, gid: 0 };
  const planned = new CreationPlan(session, makeRandom(1)).addFile(request, LAYOUT, false);
  const [result] = await fillFiles(session, [{ ...planned, content }], control);
  return { state: result?.state, code: result?.error?.code, details: result?.error?.details };
}

async function sourceOf(path: string): Promise<Source> {
  const signal = new AbortController().signal;
  const options = { recursive: false, dereference: false, signal, pseudoFiles: new PseudoFiles(), failed: assert.fail };
  const [source] = await walkSource(Buffer.from(path), options);
  assert.ok(source !== undefined && source.kind !== 'files');
  return source;
}

test('bad memory under a new file makes no file and names the place, whatever fills it', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  writeFileSync(join(sandbox.folder, 'source'), Buffer.alloc(16 * MIB, 1));
  const source = await sourceOf(join(sandbox.folder, 'source'));
  truncateSync(session.volume.primary.path, 20 * MIB);
  const file: Content = { from: 'file', source, verify: true };
  for (const [name, content] of Object.entries({ zero: ZEROS, seed: PATTERN, file })) {
    for (const threads of [1, 4]) {
      const { state, code, details } = await fill(session, name, 16 * MIB, content, controlOf(undefined, threads));
      assert.deepEqual([state, code, details?.action], ['not made', 'POISON', 'write'], name);
      assert.ok((details?.deviceOffset as number) >= 20 * MIB, name);
    }
  }
  truncateSync(session.volume.primary.path, 64 * MIB);
  session.close();
  assert.equal(await sandbox.ok(['ls']), '');
  await sandbox.ok(['fsck']);
});

test('verify names bad memory', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  assert.equal((await fill(session, 'a', 16 * MIB, PATTERN)).state, 'done');
  truncateSync(session.volume.primary.path, 21 * MIB);
  const codes: string[] = [];
  const { volume } = session;
  const operation = { operation: 'verifyPattern', seed: 3n, invalidate: true } as const;
  const work = [...volume.replay.namespace.nodes()].map((node) => ({ node, operation }));
  const done = await transferEach(volume, work, controlOf(), (error) => {
    codes.push(`${error.code} ${error.details?.action}`);
  });
  assert.deepEqual([done, codes], [[], ['POISON read']]);
  session.close();
});

/** time of the last change of a source, in seconds */
const CHANGED = 1_000_000_000;

/** Ways in which another process may change a file. */
function changesOf(path: string): Record<string, () => void> {
  return {
    grown: () => appendFileSync(path, 'more'),
    shrunk: () => truncateSync(path, 5),
    written: () => utimesSync(path, 1, 1),
  };
}

test('a source that has changed since the plan is not copied', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  const path = join(sandbox.folder, 'source');
  const changes = {
    ...changesOf(path),
    replaced: () => {
      writeFileSync(`${path}2`, 'x'.repeat(5000));
      // all but the number of its inode is the same
      utimesSync(`${path}2`, CHANGED, CHANGED);
      renameSync(`${path}2`, path);
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    writeFileSync(path, 'x'.repeat(5000));
    utimesSync(path, CHANGED, CHANGED);
    const source = await sourceOf(path);
    change();
    const { state, code } = await fill(session, name, 5000, { from: 'file', source, verify: false });
    assert.deepEqual([state, code], ['not made', 'CHANGED'], name);
  }
  session.close();
});

test('a source that changes while it is read is not copied', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  const path = join(sandbox.folder, 'source');
  for (const [name, change] of Object.entries(changesOf(path))) {
    writeFileSync(path, 'x'.repeat(5000));
    const content: Content = { from: 'file', source: await sourceOf(path), verify: true };
    // the first bytes have been copied when progress is reported
    let changed = false;
    const advance = () => {
      if (!changed) change();
      changed = true;
    };
    const { state, code } = await fill(session, name, 5000, content, { ...controlOf(), advance });
    assert.deepEqual([state, code], ['not made', 'CHANGED'], name);
  }
  session.close();
});

test('a byte that is wrong once it was copied in is found by verifying', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  const path = join(sandbox.folder, 'source');
  writeFileSync(path, 'x'.repeat(5000));
  const source = await sourceOf(path);
  for (const verify of [true, false]) {
    let spoiled = false;
    // called when all bytes have been copied
    const advance = () => {
      if (!spoiled) session.volume.primary.write(10 * MIB + 4999, Buffer.of(0));
      spoiled = true;
    };
    const { state, code } = await fill(
      session,
      `f${verify}`,
      5000,
      { from: 'file', source, verify },
      { ...controlOf(), advance },
    );
    assert.deepEqual([state, code], verify ? ['not made', 'WRONG_BYTE'] : ['done', undefined]);
  }
  session.close();
});

test('a copy that is interrupted before it begins leaves nothing', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  const controller = new AbortController();
  controller.abort();
  assert.equal((await fill(session, 'a', 4 * MIB, ZEROS, controlOf(controller.signal))).state, 'not made');
  session.close();
  assert.equal(await sandbox.ok(['ls']), '');
});

test('results are in the order of the items, whichever ends first', async () => {
  const work = async (delay: number) => {
    await new Promise((resolve) => setTimeout(resolve, delay));
    return delay;
  };
  assert.deepEqual(await workWeighted([30, 1, 20, 10, 0], 5, () => 1, work), [30, 1, 20, 10, 0]);
});

test('small files that are copied together fail one by one', async () => {
  for (const verify of [false, true]) {
    const sandbox = new Sandbox();
    const session = await openSession(sandbox);
    const plan = new CreationPlan(session, makeRandom(1));
    const plans = [];
    for (let i = 0; i < 8; i++) {
      const path = join(sandbox.folder, `source${i}`);
      writeFileSync(path, `${i}`.repeat(5000));
      const request = { path: `f${i}`, size: 5000, mode: 0o644, uid: 0, gid: 0 };
      const content: Content = { from: 'file', source: await sourceOf(path), verify };
      plans.push({ ...plan.addFile(request, LAYOUT, false), content });
    }
    rmSync(join(sandbox.folder, 'source1'));
    appendFileSync(join(sandbox.folder, 'source3'), 'more');
    // the last two have no memory
    truncateSync(session.volume.primary.path, (10 + 2 * 6) * MIB);
    const results = await fillFiles(session, plans, controlOf());
    assert.deepEqual(
      results.map(({ plan: { entry }, state, error }) => [entry.path, state, error?.code]),
      plans.map(({ entry: { path } }, i) => {
        const code = i === 1 ? 'CANNOT_READ' : i === 3 ? 'CHANGED' : i > 5 ? 'POISON' : undefined;
        return [path, code === undefined ? 'done' : 'not made', code];
      }),
    );
    truncateSync(session.volume.primary.path, 64 * MIB);
    session.close();
    assert.equal(await sandbox.ok(['ls', '-1']), 'f0\nf2\nf4\nf5\n');
    for (const i of [0, 2, 4, 5]) {
      const copy = join(sandbox.folder, `copy${i}`);
      await sandbox.ok(['get', `f${i}`, copy]);
      assert.equal(readFileSync(copy, 'latin1'), `${i}`.repeat(5000));
    }
    await sandbox.ok(['fsck']);
  }
});

test('a copy of small files that is interrupted has whole files only', async () => {
  const sandbox = new Sandbox();
  await sandbox.ok(['mkfs', '--alloc-unit', '4k', sandbox.image('i', 64 * MIB)]);
  const session = WriteSession.open({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, [
    join(sandbox.folder, 'i'),
  ]);
  const path = join(sandbox.folder, 'source');
  writeFileSync(path, Buffer.alloc(8000, 7));
  const source = await sourceOf(path);
  const plan = new CreationPlan(session, makeRandom(1));
  const plans = Array.from({ length: 2000 }, (_, i) => {
    const request = { path: `f${i}`, size: 8000, mode: 0o644, uid: 0, gid: 0 };
    return {
      ...plan.addFile(request, { ...LAYOUT, stripes: 1 }, false),
      content: { from: 'file', source, verify: true } as const,
    };
  });
  const controller = new AbortController();
  const advance = () => controller.abort();
  const results = await fillFiles(session, plans, { ...controlOf(controller.signal), advance });
  const done = results.filter(({ state }) => state === 'done').length;
  assert.ok(done < 2000, String(done));
  assert.ok(results.every(({ state, error }) => error === undefined && (state === 'done' || state === 'not made')));
  assert.equal(session.volume.replay.namespace.fileCount, done);
  session.close();
  const { counts } = await sandbox.json<{ counts: object }>(['fsck', '-n', join(sandbox.folder, 'i')]);
  assert.deepEqual(counts, {});
});

test('files of very different sizes are reported in the order of the request', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  const plan = new CreationPlan(session, makeRandom(1));
  const plans = [24, 1, 12, 1].map((size, i) => {
    const request = { path: `f${i}`, size: size * MIB, mode: 0o644, uid: 0, gid: 0 };
    return { ...plan.addFile(request, LAYOUT, false), content: ZEROS };
  });
  const results = await fillFiles(session, plans, controlOf(undefined, 20));
  assert.deepEqual(
    results.map(({ plan: { entry }, state }) => [entry.path, state]),
    plans.map(({ entry }) => [entry.path, 'done']),
  );
  session.close();
});

test('the total weight is never exceeded, and an error waits for items under way', async () => {
  let used = 0;
  let ended = 0;
  const work = async (weight: number) => {
    used += weight;
    assert.ok(used <= 4, String(used));
    await new Promise((resolve) => setTimeout(resolve, 2 * weight));
    used -= weight;
    ended += 1;
    if (weight === 3) throw new Error('three');
  };
  await workWeighted([1, 2, 1, 4, 1, 1, 1, 1], 4, (weight) => weight, work);
  assert.equal(ended, 8);
  await assert.rejects(
    workWeighted([1, 3, 1, 1, 1, 4], 4, (weight) => weight, work),
    /three/,
  );
  assert.equal(used, 0);
});

test('a byte of memory that changes after the copy is WRONG_BYTE with verify, and makes no file', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  const path = join(sandbox.folder, 'source');
  const size = 5 * MIB;
  writeFileSync(path, Buffer.alloc(size, 1));
  const source = await sourceOf(path);
  for (const [verify, expected] of [
    [true, ['not made', 'WRONG_BYTE']],
    [false, ['done', undefined]],
  ] as const) {
    let copied = 0;
    const advance = (bytes: number) => {
      copied += bytes;
      // the file takes the lowest space, after superblock and log
      if (copied === size) overwrite(session.volume.primary.path, 10 * MIB, Buffer.of(2));
    };
    const { state, code } = await fill(
      session,
      'f',
      size,
      { from: 'file', source, verify },
      { ...controlOf(), advance },
    );
    assert.deepEqual([state, code], expected, String(verify));
  }
  session.close();
});
