/** Filling files when memory is bad, when sources change, and when the work is interrupted. */
import assert from 'node:assert/strict';
import { appendFileSync, renameSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeRandom } from '../../../src/fs/allocate/random.js';
import { WriteSession } from '../../../src/fs/pool/writeSession.js';
import { onEach, verifySeed } from '../../../src/fs/transfer/checkFiles.js';
import { type Filler, fromFile, fromNothing, fromSeed } from '../../../src/fs/transfer/fillers.js';
import { fillFiles } from '../../../src/fs/transfer/fillFiles.js';
import { planStream } from '../../../src/fs/transfer/planIn.js';
import { type Source, walkSource } from '../../../src/fs/transfer/sourceTree.js';
import { workWeighted } from '../../../src/fs/transfer/weighted.js';
import { MIB, Sandbox } from '../../support/sandbox.js';

const LAYOUT = { stripes: 4, chunkSize: 2 * MIB, policy: 'fill', contiguous: false, daxdevs: undefined } as const;
const attendantOf = (signal = new AbortController().signal, threads = 3) => ({ threads, signal, advance: () => {} });

async function openSession(sandbox: Sandbox): Promise<WriteSession> {
  await sandbox.makeFs(64 * MIB);
  return WriteSession.open({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, []);
}

/** Fills one new file, and returns what became of it. */
async function fill(session: WriteSession, path: string, size: number, filler: Filler, attendant = attendantOf()) {
  const request = { size, mode: 0o644, uid: 0, gid: 0, name: 'test', filler };
  const plan = planStream(session, path, request, { layout: LAYOUT, random: makeRandom(1) });
  const [filled] = await fillFiles(session, plan.files, attendant);
  return { state: filled?.state, code: filled?.error?.code, details: filled?.error?.details };
}

async function sourceOf(path: string): Promise<Source> {
  const options = { recursive: false, dereference: false, signal: new AbortController().signal, failed: assert.fail };
  for await (const source of walkSource(Buffer.from(path), options)) return source;
  throw new Error(path);
}

test('bad memory under a new file makes no file, and names the place, whatever fills it', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  writeFileSync(join(sandbox.folder, 'source'), Buffer.alloc(16 * MIB, 1));
  const source = await sourceOf(join(sandbox.folder, 'source'));
  truncateSync(session.volume.primary.path, 20 * MIB);
  for (const [name, filler] of Object.entries({
    zero: fromNothing,
    seed: fromSeed(3n),
    file: fromFile(source, true),
  })) {
    for (const threads of [1, 4]) {
      const { state, code, details } = await fill(session, name, 16 * MIB, filler, attendantOf(undefined, threads));
      assert.deepEqual([state, code, details?.action], ['absent', 'POISON', 'write'], name);
      assert.ok((details?.deviceOffset as number) >= 20 * MIB, name);
    }
  }
  truncateSync(session.volume.primary.path, 64 * MIB);
  session.close();
  assert.equal(await sandbox.ok(['ls']), '');
  await sandbox.ok(['fsck']);
});

test('bad memory under a file that is verified is named', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  assert.equal((await fill(session, 'a', 16 * MIB, fromSeed(3n))).state, 'done');
  truncateSync(session.volume.primary.path, 21 * MIB);
  const codes: string[] = [];
  const { volume } = session;
  const done = await onEach(volume, [...volume.replay.namespace.nodes()], verifySeed(3n), attendantOf(), (error) => {
    codes.push(`${error.code} ${error.details?.action}`);
  });
  assert.deepEqual([done, codes], [[], ['POISON read']]);
  session.close();
});

test('a source that is no longer what was looked at is not copied', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  const path = join(sandbox.folder, 'source');
  const changes: Record<string, () => void> = {
    grown: () => appendFileSync(path, 'more'),
    shrunk: () => truncateSync(path, 5),
    written: () => utimesSync(path, 1, 1),
    replaced: () => {
      writeFileSync(`${path}2`, 'x'.repeat(5000));
      renameSync(`${path}2`, path);
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    writeFileSync(path, 'x'.repeat(5000));
    const source = await sourceOf(path);
    change();
    const { state, code } = await fill(session, name, 5000, fromFile(source, false));
    assert.deepEqual([state, code], ['absent', 'CHANGED'], name);
  }
  session.close();
});

test('a source that changes while it is read is not copied either', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  const path = join(sandbox.folder, 'source');
  const changes: Record<string, () => void> = {
    grown: () => appendFileSync(path, 'more'),
    shrunk: () => truncateSync(path, 5),
    written: () => utimesSync(path, 1, 1),
  };
  for (const [name, change] of Object.entries(changes)) {
    writeFileSync(path, 'x'.repeat(5000));
    const filler = fromFile(await sourceOf(path), true);
    // the first bytes have been copied when progress is told of
    let told = false;
    const advance = () => {
      if (!told) change();
      told = true;
    };
    const { state, code } = await fill(session, name, 5000, filler, { ...attendantOf(), advance });
    assert.deepEqual([state, code], ['absent', 'CHANGED'], name);
  }
  session.close();
});

test('what is interrupted before it began leaves nothing, and the rest is not begun', async () => {
  const sandbox = new Sandbox();
  const session = await openSession(sandbox);
  const controller = new AbortController();
  controller.abort();
  assert.equal((await fill(session, 'a', 4 * MIB, fromNothing, attendantOf(controller.signal))).state, 'absent');
  session.close();
  assert.equal(await sandbox.ok(['ls']), '');
});

test('weights are never exceeded by more than one item alone, and an error waits for those under way', async () => {
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
