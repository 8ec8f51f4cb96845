import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import {
  checkFamfs,
  type FamfsError,
  isFamfsError,
  openFamfs,
  openSession,
  type Warning,
} from '../../src/library/index.js';
import { entryOffset } from '../support/patch.js';
import { MIB, Sandbox } from '../support/sandbox.js';

/** A pool of two images with a simple, an interleaved and a copied file, and the bytes of that. */
async function pool(): Promise<{ sandbox: Sandbox; devices: string[]; bytes: Buffer }> {
  const sandbox = new Sandbox();
  const devices = ['a.img', 'b.img'].map((name) => sandbox.image(name, 48 * MIB));
  await sandbox.ok(['mkfs', '--label', 'books', ...devices]);
  sandbox.env.FAMFS_DEV = devices[0] as string;
  const bytes = randomBytes(5 * MIB + 12_345);
  writeFileSync(join(sandbox.folder, 'in'), bytes);
  await sandbox.ok(['mkdir', '-p', 'data/deep']);
  await sandbox.ok(['creat', '-s', '3M', 'data/simple']);
  await sandbox.ok(['cp', '--stripes', '2', '--chunk', '2M', 'in', 'data/deep/striped']);
  return { sandbox, devices, bytes };
}

const made = pool();

/** Overwrites a byte of an image. */
function spoil(image: string, offset: number): void {
  const fd = openSync(image, 'r+');
  writeSync(fd, Buffer.from([0xa5]), 0, 1, offset);
  closeSync(fd);
}

test('what is read is what the commands print', async () => {
  const { sandbox, devices } = await made;
  using fs = await openFamfs(devices, sandbox);
  const json = (argv: string[]) => sandbox.json<Record<string, unknown>>(argv);
  const info = await json(['info']);
  assert.deepEqual(
    [fs.fsUuid, fs.label, fs.role, fs.allocationUnit, fs.mountPoint],
    [info.fsUuid, 'books', 'Master', 2 * MIB, undefined],
  );
  const octal = (mode: number) => mode.toString(8).padStart(4, '0');
  const shown = ({ mode, ...entry }: { mode: number }) => ({ ...entry, mode: octal(mode) });
  const { entries } = await json(['ls', '-R']);
  assert.deepEqual([...fs.list('/', { recursive: true })].map(shown), entries);
  assert.deepEqual(
    [...fs.list('data')].map(({ path }) => path),
    ['data/deep', 'data/simple'],
  );
  assert.deepEqual([...fs.list('data/simple')], [fs.stat('/data/simple')]);
  const stat = ((await json(['stat', 'data/deep/striped'])).entries as Record<string, unknown>[])[0];
  const { extents, chunkSize, layout, allocated, size } = fs.map('data/deep/striped');
  assert.deepEqual(
    { extents, chunkSize, layout, allocated, size },
    { extents: stat?.extents, chunkSize: 2 * MIB, layout: 'interleaved', allocated: stat?.allocated, size: stat?.size },
  );
  const { pieces } = await json(['resolve', 'data/deep/striped', '--offset', '1M', '--length', '3M']);
  const found = [...fs.resolve('data/deep/striped', { offset: MIB, length: 3 * MIB })];
  assert.deepEqual(
    found.map(({ device, ...piece }) => piece),
    pieces,
  );
  assert.deepEqual(new Set(found.map(({ device }) => device)), new Set(devices));
  const daxdevs = (await json(['daxdev', 'list'])).daxdevs as { used: number }[];
  assert.deepEqual(
    fs.daxdevs().map(({ used }) => used),
    daxdevs.map(({ used }) => used),
  );
  assert.equal(fs.exists('data/deep'), true);
  assert.equal(fs.exists('data/none'), false);
});

test('the log is what logplay prints, and an earlier state can be opened', async () => {
  const { sandbox, devices } = await made;
  using fs = await openFamfs(devices[1], sandbox);
  const { operations } = await sandbox.json<{ operations: Record<string, unknown>[] }>(['logplay']);
  const log = [...fs.log()];
  assert.deepEqual(
    log.map(({ slot, type, applied, ...rest }) => [slot, type, applied, 'path' in rest ? rest.path : undefined]),
    operations.map(({ slot, type, applied, path }) => [slot, type, applied, path]),
  );
  assert.deepEqual([...fs.log({ from: 2 })], log.slice(2));
  assert.deepEqual(fs.logFacts, { entries: log.length, capacity: fs.logFacts.capacity, skipped: 0 });
  using before = await openFamfs(devices, { ...sandbox, at: 3 });
  assert.deepEqual(
    [...before.list('/', { recursive: true })].map(({ path }) => path),
    ['data', 'data/deep'],
  );
});

test('bytes are streamed: whole, in part, and not further than they are read', async () => {
  const { sandbox, devices, bytes } = await made;
  using fs = await openFamfs(devices, sandbox);
  assert.ok((await buffer(fs.read('data/deep/striped'))).equals(bytes));
  for (const [offset, length] of [
    [0, 1],
    [2 * MIB - 1, 2],
    [3_000_001, 1_500_000],
    [bytes.length - 1, 1],
  ] as const)
    assert.ok(
      (await buffer(fs.read('data/deep/striped', { offset, length }))).equals(bytes.subarray(offset, offset + length)),
    );
  assert.ok((await buffer(fs.read('data/deep/striped', { offset: 4 * MIB }))).equals(bytes.subarray(4 * MIB)));
  const stream = fs.read('data/deep/striped');
  for await (const chunk of stream) {
    assert.ok(chunk.length + stream.readableLength <= 2 * MIB);
    break;
  }
  assert.equal(stream.destroyed, true);
});

test('errors have the code, message, hint and JSON of the commands', async () => {
  const { sandbox, devices } = await made;
  using fs = await openFamfs(devices, sandbox);
  const failure = (work: () => unknown): FamfsError => {
    try {
      work();
    } catch (error) {
      assert.ok(isFamfsError(error));
      return error;
    }
    assert.fail('nothing was thrown');
  };
  const { exitCode, command, ...printed } = (await sandbox.error(['stat', 'none'])) as unknown as Record<
    string,
    unknown
  >;
  const { code, message, hint } = printed;
  const error = failure(() => fs.stat('none'));
  assert.deepEqual([error.code, error.message, error.hint], [code, message, hint]);
  assert.deepEqual(JSON.parse(JSON.stringify(error)), printed);
  for (const [work, expected] of [
    [() => fs.map('data'), 'NOT_A_FILE'],
    [() => fs.list('none'), 'NO_ENTRY'],
    [() => fs.stat('../x'), 'BAD_PATH'],
    [() => fs.resolve('data/simple', { offset: 3 * MIB }), 'BAD_RANGE'],
    [() => fs.read('data/simple', { offset: 0, length: 0 }), 'BAD_RANGE'],
    [() => fs.read('data/simple', { offset: -1 }), 'BAD_RANGE'],
    [() => fs.read('data/simple', { offset: 0.5 }), 'BAD_RANGE'],
    [() => fs.log({ from: -1 }), 'BAD_RANGE'],
  ] as const)
    assert.equal(failure(work).code, expected, String(work));
  const missing = openFamfs(join(sandbox.folder, 'none.img'), sandbox);
  await assert.rejects(missing, (error) => isFamfsError(error, 'DEVICE_OPEN') && !isFamfsError(error, 'BUSY'));
  await assert.rejects(openFamfs(sandbox.image('empty.img', 32 * MIB), sandbox), { code: 'NO_FAMFS' });
  await assert.rejects(openFamfs('LABEL=none', sandbox), (error) => isFamfsError(error));
  await assert.rejects(fs.follow({ interval: 0 }).next(), { code: 'USAGE' });
});

test('without devices, FAMFS_DEV decides, as for the commands', async () => {
  const { sandbox } = await made;
  using fs = await openFamfs(undefined, sandbox);
  assert.equal(fs.label, 'books');
  using relative = await openFamfs('b.img', { env: sandbox.env, cwd: sandbox.folder });
  assert.equal(relative.fsUuid, fs.fsUuid);
});

test('a handle that was closed says so, in calls, streams and checks', async () => {
  const { sandbox, devices } = await made;
  const fs = await openFamfs(devices, sandbox);
  const stream = fs.read('data/deep/striped');
  const waiting = fs.follow({ interval: 1 }).next();
  fs.close();
  fs.close();
  assert.throws(() => fs.stat('data'), { name: 'FamfsError', code: 'CLOSED' });
  assert.throws(() => fs.fsUuid, { code: 'CLOSED' });
  await assert.rejects(buffer(stream), { code: 'CLOSED' });
  await assert.rejects(waiting, { code: 'CLOSED' });
  await assert.rejects(fs.check(), { code: 'CLOSED' });
});

test('new entries are seen by refresh and follow', async () => {
  const { sandbox, devices } = await made;
  using fs = await openFamfs(devices, sandbox);
  using other = await openFamfs(devices, sandbox);
  assert.deepEqual(fs.refresh(), []);
  const stop = new AbortController();
  const seen: (string | undefined)[] = [];
  const following = (async () => {
    for await (const entry of other.follow({ interval: 1, signal: stop.signal })) {
      seen.push('path' in entry ? entry.path : undefined);
      if (seen.length === 2) stop.abort(new Error('enough'));
    }
  })();
  {
    using session = await openSession(devices, sandbox);
    await session.mkdir('new');
    await session.create('new/file', { size: 1 });
  }
  await assert.rejects(following, /enough/);
  assert.deepEqual(seen, ['new', 'new/file']);
  assert.equal(fs.exists('new'), false);
  assert.deepEqual(
    fs.refresh().map(({ type, applied }) => [type, applied]),
    [
      ['MKDIR', true],
      ['FILE', true],
    ],
  );
  assert.equal(fs.stat('new/file').size, 1);
  assert.deepEqual(
    [...fs.list('new')].map(({ path }) => path),
    ['new/file'],
  );
});

test('a check lists findings, also of what cannot be opened, and warnings go to the caller', async () => {
  const sandbox = new Sandbox();
  const device = await sandbox.makeFs(32 * MIB);
  await sandbox.ok(['creat', '-s', '1M', 'file']);
  const sound = await checkFamfs(device, sandbox);
  assert.deepEqual(
    [sound.clean, sound.errors, sound.findings.filter(({ severity }) => severity === 'error')],
    [true, 0, []],
  );
  // the entry of the file, then the superblock
  spoil(device, entryOffset(0) + 100);
  const warnings: Warning[] = [];
  {
    using fs = await openFamfs(device, { ...sandbox, onWarning: (warning) => warnings.push(warning) });
    assert.equal(fs.exists('file'), false);
    assert.equal([...fs.log()][0]?.applied, false);
    const { clean, findings } = await fs.check({ keep: 1 });
    assert.equal(clean, false);
    assert.ok(findings.some(({ code, slot }) => code === 'ENTRY_CRC' && slot === 0));
  }
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['ENTRIES_SKIPPED'],
  );
  spoil(device, 64);
  await assert.rejects(openFamfs(device, sandbox), { code: 'SUPERBLOCK_DAMAGED' });
  const damaged = await checkFamfs(device, sandbox);
  const { findings } = JSON.parse((await sandbox.run(['fsck', '-n', '--json', device])).stdout);
  assert.deepEqual(JSON.parse(JSON.stringify(damaged.findings)), findings);
});

test('memory that cannot be read fails the stream with its place', async () => {
  const { sandbox } = await made;
  const device = sandbox.image('short.img', 32 * MIB);
  await sandbox.ok(['mkfs', device]);
  await sandbox.ok(['creat', '--dev', device, '-s', '8M', 'file']);
  using fs = await openFamfs(device, sandbox);
  const [{ deviceOffset } = { deviceOffset: 0 }] = fs.map('file').extents;
  truncateSync(device, deviceOffset + 3 * MIB);
  let bytes = 0;
  const reading = (async () => {
    for await (const chunk of fs.read('file')) bytes += chunk.length;
  })();
  await assert.rejects(reading, (error) => isFamfsError(error, 'POISON') && error.details?.path === 'file');
  assert.equal(bytes, 3 * MIB);
});
