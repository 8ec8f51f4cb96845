import assert from 'node:assert/strict';
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CopyOutDocument } from '../../../src/commands/transfer/copyOut.js';
import type { Extent } from '../../../src/format/fmap.js';
import type { FamfsError } from '../../../src/fs/errors.js';
import type { Node } from '../../../src/fs/log/namespace.js';
import { openVolume } from '../../../src/fs/pool/openVolume.js';
import { type CopiedFile, copyOutOf } from '../../../src/fs/transfer/copyOut.js';
import { planOut } from '../../../src/fs/transfer/planOut.js';
import { observeMemory } from '../../../src/native/device.js';
import { sandboxWithFiles } from '../../support/filled.js';
import { overwrite } from '../../support/pool.js';
import { MIB, type Sandbox } from '../../support/sandbox.js';

interface Attempt {
  readonly copied: CopiedFile[];
  readonly codes: string[];
}

/** Copies everything out of an image whose end is cut off after it is mapped, so that its memory cannot be read. */
async function copyCutShort(sandbox: Sandbox, options: { skipBad: boolean; threads: number }): Promise<Attempt> {
  const image = sandbox.env.FAMFS_DEV as string;
  const volume = openVolume({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, []);
  const errors: FamfsError[] = [];
  const failed = (error: FamfsError) => errors.push(error);
  rmSync(join(sandbox.folder, 'out'), { recursive: true, force: true });
  try {
    const plan = planOut(volume.replay.namespace, ['dir'], Buffer.from(join(sandbox.folder, 'out')), true, failed);
    truncateSync(image, 30 * MIB);
    const control = { threads: options.threads, signal: new AbortController().signal, advance: () => {} };
    const how = { ...options, verify: true, keepOwner: false, ownerLost: assert.fail, failed };
    return { copied: await copyOutOf(volume, plan, control, how), codes: errors.map(({ code }) => code) };
  } finally {
    volume.close();
    truncateSync(image, 128 * MIB);
  }
}

test('files in bad memory fail, and leave nothing', async () => {
  const sandbox = await sandboxWithFiles();
  for (const threads of [1, 4]) {
    const { copied, codes } = await copyCutShort(sandbox, { skipBad: false, threads });
    assert.ok(codes.length > 0 && codes.every((code) => code === 'POISON'), codes.join());
    assert.equal(copied.length + codes.length, 3);
    const left = readdirSync(join(sandbox.folder, 'out'), { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      left.filter((path) => path.endsWith('.partial')),
      [],
    );
    assert.equal(left.filter((path) => lstatSync(join(sandbox.folder, 'out', path)).isFile()).length, copied.length);
  }
});

test('a byte that is wrong once it was copied out is found by verifying, and nothing is left', async () => {
  const sandbox = await sandboxWithFiles();
  const out = join(sandbox.folder, 'out');
  const volume = openVolume({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, []);
  const codes: string[] = [];
  const failed = ({ code }: FamfsError) => codes.push(code);
  const plan = planOut(volume.replay.namespace, ['dir/plain'], Buffer.from(out), false, failed);
  let bytes = 0;
  const advance = (more: number) => {
    bytes += more;
    const [name] = readdirSync(sandbox.folder).filter((entry) => entry.endsWith('.partial'));
    if (bytes === 9 * MIB && name !== undefined) writeFileSync(join(sandbox.folder, name), 'spoiled', { flag: 'r+' });
  };
  const control = { threads: 1, signal: new AbortController().signal, advance };
  const options = { skipBad: false, verify: true, keepOwner: false, ownerLost: assert.fail, failed };
  assert.deepEqual(await copyOutOf(volume, plan, control, options), []);
  volume.close();
  assert.deepEqual([codes, existsSync(out)], [['WRONG_BYTE'], false]);
});

test('with --skip-bad the rest of each file is copied, and the holes are listed exactly', async () => {
  const sandbox = await sandboxWithFiles();
  await sandbox.ok(['get', '-r', 'dir', 'whole']);
  const { copied, codes } = await copyCutShort(sandbox, { skipBad: true, threads: 3 });
  assert.deepEqual([copied.length, codes], [3, []]);
  let holes = 0;
  for (const { path, target, holes: bad } of copied) {
    const expected = readFileSync(join(sandbox.folder, 'whole', path.slice('dir/'.length)));
    for (const { fileOffset, length, deviceOffset } of bad) {
      assert.ok(deviceOffset >= 30 * MIB, `${path} ${deviceOffset}`);
      expected.fill(0, fileOffset, fileOffset + length);
      holes += length;
    }
    assert.ok(readFileSync(target).equals(expected), path);
  }
  assert.ok(holes > 0);
});

test('get --skip-bad lists the holes, and its exit code is 1', async () => {
  const sandbox = await sandboxWithFiles();
  observeMemory({
    // an entry of the log is read: by then, all is mapped
    invalidate: ({ path }, offset) => offset > 2 * MIB && truncateSync(path, 30 * MIB),
  });
  const get = ['get', '-r', '--skip-bad', 'dir', 'out', '--json'];
  const { exitCode, stdout, stderr } = await sandbox.run(get).finally(() => observeMemory(undefined));
  const { files, failed }: CopyOutDocument = JSON.parse(stdout);
  assert.deepEqual([exitCode, files.length, failed.length > 0], [1, 3, true]);
  assert.equal(files.flatMap(({ holes }) => holes).length, failed.length);
  assert.ok(failed.every(({ code }) => code === 'POISON') && stderr.includes('they are a hole in'), stderr);
});

test('nothing incomplete is left when copying out is interrupted', async () => {
  const sandbox = await sandboxWithFiles();
  const volume = openVolume({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, []);
  const controller = new AbortController();
  const failed = (error: FamfsError) => assert.fail(error);
  const plan = planOut(volume.replay.namespace, ['dir'], Buffer.from(join(sandbox.folder, 'out')), true, failed);
  const advance = () => controller.abort();
  const control = { threads: 1, signal: controller.signal, advance };
  const copied = await copyOutOf(volume, plan, control, {
    skipBad: false,
    verify: false,
    keepOwner: false,
    ownerLost: assert.fail,
    failed,
  });
  volume.close();
  assert.ok(copied.length < 3);
  const left = readdirSync(join(sandbox.folder, 'out'), { recursive: true, encoding: 'utf8' });
  assert.equal(left.filter((path) => /plain|striped|deep|partial/.test(path)).length, copied.length);
  assert.ok(existsSync(join(sandbox.folder, 'out')));
});

test('with verify, a byte of memory that changes after the copy is WRONG_BYTE, and leaves no file', async () => {
  const sandbox = await sandboxWithFiles();
  const volume = openVolume({ env: sandbox.env, cwd: sandbox.folder, warn: () => {} }, []);
  for (const [verify, expected] of [
    [true, ['WRONG_BYTE']],
    [false, []],
  ] as const) {
    const codes: string[] = [];
    const failed = (error: FamfsError) => codes.push(error.code);
    const plan = planOut(
      volume.replay.namespace,
      ['dir/plain'],
      Buffer.from(join(sandbox.folder, 'copy')),
      false,
      failed,
    );
    const { deviceOffset } = volume.fileEntry(volume.replay.namespace.get('dir/plain') as Node).fmap
      .extents[0] as Extent;
    let copied = 0;
    const advance = (bytes: number) => {
      copied += bytes;
      if (copied === 9 * MIB) overwrite(volume.primary.path, deviceOffset, Buffer.of(verify ? 1 : 2));
    };
    const control = { threads: 1, signal: new AbortController().signal, advance };
    await copyOutOf(volume, plan, control, {
      skipBad: false,
      verify,
      keepOwner: false,
      ownerLost: assert.fail,
      failed,
    });
    assert.deepEqual(codes, expected);
    assert.equal(existsSync(join(sandbox.folder, 'copy')), !verify);
  }
  volume.close();
});
