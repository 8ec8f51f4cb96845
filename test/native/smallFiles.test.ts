/** Many small files copied by one job. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Difference } from '../../src/native/bulk.js';
import { counters, type MappedDevice, resetCounters } from '../../src/native/device.js';
import { packSegments } from '../../src/native/segment.js';
import { copyColumns, copySmallFiles, type SmallFile } from '../../src/native/smallFiles.js';
import { Random } from '../support/random.js';
import { cutShort, makeDevice, makeFolder, useAsDevices } from './scratch.js';

const PAGE = 4096;

interface Placed extends SmallFile {
  readonly bytes: Buffer;
}

/** Files of random bytes, and places for them on two devices with a page between some. */
function placeFiles(t: TestContext, random: Random, sizes: readonly number[]) {
  const folder = makeFolder(t);
  const ends = [0, 0];
  const files = sizes.map((length, i): Placed => {
    const path = join(folder, `f${i}`);
    const bytes = random.bytes(length);
    writeFileSync(path, bytes);
    const device = random.below(2);
    const offset = ends[device]! + random.below(2) * PAGE;
    ends[device] = offset + Math.ceil(length / PAGE) * PAGE;
    return {
      path: Buffer.from(path),
      version: lstatSync(path),
      target: { device, offset, fileOffset: 0, length },
      bytes,
    };
  });
  return {
    folder,
    files: random.chance(0.5) ? files : files.reverse(),
    devices: ends.map((end) => makeDevice(t, end + PAGE)),
  };
}

function bytesAt(devices: readonly MappedDevice[], { target }: SmallFile): Buffer {
  return devices[target.device]!.read(target.offset, target.length);
}

test('every byte of many files gets to its place, and nothing else is touched', async (t) => {
  const random = new Random(t);
  const sizes = [
    1,
    PAGE - 1,
    PAGE,
    PAGE + 1,
    131_072,
    300_000,
    ...Array.from({ length: 200 }, () => 1 + random.below(30_000)),
  ];
  for (const [threads, verify] of [
    [1, false],
    [3, true],
  ] as const) {
    const { files, devices } = placeFiles(t, random, sizes);
    for (const device of devices) device.write(0, Buffer.alloc(device.size, 0xaa));
    let done = 0;
    const onProgress = (bytes: number) => {
      done = bytes;
    };
    const results = await copySmallFiles({ devices, files, threads, verify, allNew: false, onProgress });
    assert.ok(results.every(({ state }) => state === 'done'));
    const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    assert.equal(done, verify ? 2 * total : total);
    for (const file of files) assert.ok(bytesAt(devices, file).equals(file.bytes));
    for (const file of files)
      devices[file.target.device]!.write(file.target.offset, Buffer.alloc(file.bytes.length, 0xaa));
    for (const device of devices) assert.ok(device.read(0, device.size).every((byte) => byte === 0xaa));
  }
});

for (const allNew of [false, true]) {
  const title = `a file that is not as it was planned fails, and the others are copied${allNew ? ' to new places' : ''}`;
  test(title, (t) => copyChanged(t, allNew));
}

async function copyChanged(t: TestContext, allNew: boolean): Promise<void> {
  const random = new Random(t);
  const { files, devices } = placeFiles(t, random, new Array(7).fill(5000));
  const [missing, grown, shrunk, written, replaced, fifo, sound] = files as [Placed, ...Placed[]] & Placed[];
  const nameOf = (file: Placed | undefined) => file!.path.toString();
  rmSync(nameOf(missing));
  writeFileSync(nameOf(grown), 'x'.repeat(5001));
  writeFileSync(nameOf(shrunk), 'x');
  utimesSync(nameOf(written), 1, 1);
  // the old one is kept, so that its inode is not used again
  execFileSync('mv', [nameOf(replaced), `${nameOf(replaced)}.old`]);
  execFileSync('cp', ['-p', `${nameOf(replaced)}.old`, nameOf(replaced)]);
  rmSync(nameOf(fifo));
  execFileSync('mkfifo', [nameOf(fifo)]);
  const results = await copySmallFiles({ devices, files, verify: false, allNew });
  assert.deepEqual(
    results.map(({ state }) => state),
    [...new Array(6).fill('failed'), 'done'],
  );
  assert.ok(bytesAt(devices, sound!).equals(sound!.bytes));
  // what a file had is not lost to a source that is known to be another
  if (!allNew) for (const file of files.slice(0, 6)) assert.ok(bytesAt(devices, file).every((byte) => byte === 0));
}

test('the paths of columns begin in their folder', async (t) => {
  const { folder, files, devices } = placeFiles(t, new Random(t), [1, 5000, 9000]);
  const columns = {
    paths: Buffer.concat(files.map(({ path }) => Buffer.from(`${basename(path.toString())}\0`))),
    versions: Float64Array.from(files.flatMap(({ version: { dev, ino, mtimeMs } }) => [dev, ino, mtimeMs])),
    targets: packSegments(
      devices,
      files.map(({ target }) => target),
    ),
  };
  const job = { devices, verify: true, allNew: true };
  const found = await copyColumns({ ...job, columns: { ...columns, folder: Buffer.from(folder) } });
  assert.ok(files.every((file, i) => found.isDone(i) && bytesAt(devices, file).equals(file.bytes)));
  const lost = await copyColumns({ ...job, columns: { ...columns, folder: Buffer.from(join(folder, 'nowhere')) } });
  assert.ok(files.every((_, i) => lost.of(i).state === 'failed'));
  const short = { ...columns, folder: Buffer.from(folder), paths: Buffer.from('f0\0') };
  await assert.rejects(copyColumns({ ...job, columns: short }), /paths/);
});

test('memory that is gone fails the files in it, and an image that was cut short does not grow', async (t) => {
  const random = new Random(t);
  const { files, devices } = placeFiles(t, random, new Array(40).fill(5000));
  const size = 8 * PAGE;
  cutShort(devices[0]!, size);
  for (const verify of [false, true]) {
    const results = await copySmallFiles({ devices, files, verify, allNew: false });
    for (const [i, { target }] of files.entries())
      assert.equal(results[i]!.state, target.device === 1 || target.offset + 5000 <= size ? 'done' : 'failed');
    assert.equal(statSync(devices[0]!.path).size, size);
  }
});

/** Changes the first byte of a file all the time, through a mapping, which changes its time only once. */
const FLIPPER = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData.module).then(({ MappedDevice }) => {
    const device = MappedDevice.open(workerData.path, { writable: true });
    device.write(0, Uint8Array.of(1));
    parentPort.postMessage('begun');
    for (let i = 0; Atomics.load(workerData.stop, 0) === 0; i++) device.write(0, Uint8Array.of(i & 1));
  });
`;

test('verifying reads the file again, and reports the first byte that differs', async (t) => {
  const { files, devices } = placeFiles(t, new Random(t), new Array(100).fill(5000));
  const path = files[0]!.path;
  const module = new URL('../../src/native/device.js', import.meta.url).href;
  // not by terminate(), which may come in the middle of a call of the addon
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(FLIPPER, { eval: true, workerData: { module, path: path.toString(), stop } });
  const ended = once(worker, 'exit');
  t.after(async () => {
    Atomics.store(stop, 0, 1);
    await ended;
  });
  await once(worker, 'message');
  // its first store has changed the time
  const version = lstatSync(path);
  const same = files.map((file) => ({ ...file, path, version }));
  let differing: [SmallFile, Difference] | undefined;
  for (let round = 0; differing === undefined; round++) {
    assert.ok(round < 10_000, 'nothing ever differed');
    const results = await copySmallFiles({ devices, files: same, verify: true, allNew: false, threads: 1 });
    for (const [i, result] of results.entries()) {
      if (result.state === 'differs') differing = [same[i]!, result.difference];
      else assert.equal(result.state, 'done');
    }
  }
  const [{ target }, difference] = differing;
  const { expected, found, ...place } = difference;
  assert.deepEqual(place, { device: target.device, offset: target.offset, fileOffset: 0 });
  assert.ok(expected !== found && expected <= 1 && found <= 1);
});

test('verifying completes the stores of a file, drops its lines, and fences again before it reads them', async (t) => {
  const { files, devices } = placeFiles(t, new Random(t), [6000]);
  useAsDevices(t);
  const work = async (verify: boolean) => {
    resetCounters();
    await copySmallFiles({ devices, files, verify, allNew: true, threads: 1 });
    return counters();
  };
  const [without, verified] = [await work(false), await work(true)];
  assert.equal(without.fences, 1);
  assert.equal(verified.fences, 3);
  const { offset } = files[0]!.target;
  const lines = Math.ceil((offset + 6000) / 64) - Math.floor(offset / 64);
  assert.deepEqual([without.linesInvalidated, verified.linesInvalidated], [0, lines]);
});

test('nothing is begun once the signal is aborted', async (t) => {
  const { files, devices } = placeFiles(t, new Random(t), [10, 20]);
  const results = await copySmallFiles({ devices, files, verify: false, allNew: false, signal: AbortSignal.abort() });
  assert.deepEqual(results, [{ state: 'untouched' }, { state: 'untouched' }]);
  assert.ok(devices.every((device) => device.read(0, device.size).every((byte) => byte === 0)));
});

test('a device that is closed or read-only is refused', async (t) => {
  const { files, devices } = placeFiles(t, new Random(t), [10, 20]);
  for (const device of devices) device.close();
  await assert.rejects(copySmallFiles({ devices, files, verify: false, allNew: false }), { code: 'CLOSED' });
});
