import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runBulk } from '../../src/native/bulk.js';
import { Random } from '../support/random.js';
import { gather, interleave, scatter } from './layout.js';
import { makeDevice, makeFile, makeFolder, openFile } from './scratch.js';

const MIB = 1024 * 1024;

/** The two ends of a pipe; both block, as in a shell. */
function makePipe(t: TestContext): { read: number; write: number } {
  const path = join(makeFolder(t), 'pipe');
  execFileSync('mkfifo', [path]);
  const both = openSync(path, constants.O_RDWR); // so that neither call of open waits for the other
  const pipe = { read: openSync(path, 'r'), write: openSync(path, 'w') };
  closeSync(both);
  return pipe;
}

/** Runs a shell command with our end of a pipe as its standard input or output, and closes our end. */
function shell(command: string, side: 'stdin' | 'stdout', fd: number): Promise<unknown> {
  const child = spawn('sh', ['-c', command], {
    stdio: side === 'stdin' ? [fd, 'ignore', 'inherit'] : ['ignore', fd, 'inherit'],
  });
  closeSync(fd);
  return once(child, 'exit');
}

test('a pipe is copied in, in order, up to its end', async (t) => {
  const random = new Random(t);
  const layout = interleave(t, 3, 2 * MIB, 11 * MIB + 3);
  for (const length of [layout.size, layout.size - 1, 5 * MIB + 17, 0]) {
    const path = makeFile(t, random.bytes(length));
    const pipe = makePipe(t);
    const feeding = shell(`cat ${path}`, 'stdout', pipe.write);
    const result = await runBulk({ operation: 'copyInStream', ...layout, fd: pipe.read });
    closeSync(pipe.read);
    await feeding;
    assert.deepEqual(result, { bytes: length, faults: [], cancelled: false, more: false });
    const expected = Buffer.alloc(length);
    readSync(openFile(t, path, 'r'), expected);
    assert.equal(Buffer.compare(gather(layout).subarray(0, length), expected), 0);
  }
});

test('a pipe with more bytes than the segments is reported', async (t) => {
  const device = makeDevice(t, MIB);
  const segments = [{ device: 0, offset: 0, fileOffset: 0, length: MIB }];
  for (const [extra, more] of [
    [0, false],
    [1, true],
    [3 * MIB, true],
  ] as const) {
    const pipe = makePipe(t);
    const feeding = shell(`head -c ${MIB + extra} /dev/zero`, 'stdout', pipe.write);
    const result = await runBulk({ operation: 'copyInStream', devices: [device], segments, fd: pipe.read });
    closeSync(pipe.read);
    await feeding;
    assert.deepEqual(result, { bytes: MIB, faults: [], cancelled: false, more });
  }
});

test('memory is copied out to a pipe, in the order of the segments', async (t) => {
  const random = new Random(t);
  const layout = scatter(t, random, 30, 500_000);
  layout.segments.sort((a, b) => a.fileOffset - b.fileOffset);
  await runBulk({ operation: 'fillPattern', ...layout, seed: 77 });
  const path = makeFile(t, 0);
  const pipe = makePipe(t);
  const draining = shell(`cat > ${path}`, 'stdin', pipe.read);
  const result = await runBulk({ operation: 'copyOutStream', ...layout, fd: pipe.write, invalidate: true });
  closeSync(pipe.write);
  await draining;
  assert.deepEqual(result, { bytes: layout.size, faults: [], cancelled: false });
  const target = Buffer.alloc(layout.size + 1);
  assert.equal(readSync(openFile(t, path, 'r'), target), layout.size);
  assert.equal(Buffer.compare(target.subarray(0, layout.size), gather(layout)), 0);
});

test('streams may also be plain files and sockets', async (t) => {
  const device = makeDevice(t, 3 * MIB);
  const segments = [{ device: 0, offset: 5, fileOffset: 0, length: 2 * MIB + 1 }];
  await runBulk({ operation: 'fillPattern', devices: [device], segments, seed: 1 });
  const path = makeFile(t, 0);
  assert.equal(
    (await runBulk({ operation: 'copyOutStream', devices: [device], segments, fd: openFile(t, path, 'w') })).bytes,
    2 * MIB + 1,
  );
  const other = makeDevice(t, 3 * MIB);
  assert.equal(
    (await runBulk({ operation: 'copyInStream', devices: [other], segments, fd: openFile(t, path, 'r') })).bytes,
    2 * MIB + 1,
  );
  assert.equal(Buffer.compare(other.read(5, 2 * MIB + 1), device.read(5, 2 * MIB + 1)), 0);
});

test('a reader that has gone away is EPIPE', async (t) => {
  const device = makeDevice(t, 4 * MIB);
  const segments = [{ device: 0, offset: 0, fileOffset: 0, length: 4 * MIB }];
  const pipe = makePipe(t);
  const draining = shell('head -c 100000 > /dev/null', 'stdin', pipe.read);
  const { faults, bytes, cancelled } = await runBulk({
    operation: 'copyOutStream',
    devices: [device],
    segments,
    fd: pipe.write,
    keepGoing: true,
  });
  closeSync(pipe.write);
  await draining;
  assert.deepEqual(
    faults.map(({ code, side, action }) => [code, side, action]),
    [['EPIPE', 'file', 'write']],
  );
  assert.ok(!cancelled && bytes < 4 * MIB);
});

test('a stream that stalls can be cancelled, in either direction', async (t) => {
  const device = makeDevice(t, 4 * MIB);
  const segments = [{ device: 0, offset: 0, fileOffset: 0, length: 4 * MIB }];
  const pipe = makePipe(t);
  for (const run of [
    (signal: AbortSignal) => runBulk({ operation: 'copyInStream', devices: [device], segments, fd: pipe.read, signal }),
    (signal: AbortSignal) =>
      runBulk({ operation: 'copyOutStream', devices: [device], segments, fd: pipe.write, signal }),
  ]) {
    writeSync(pipe.write, 'hello'); // also with room that is not a multiple of the bytes written at once
    const controller = new AbortController();
    const running = run(controller.signal);
    let over = false;
    running.then(() => (over = true));
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(over, false);
    controller.abort();
    const { cancelled, faults } = await running;
    assert.deepEqual([cancelled, faults], [true, []]);
  }
  assert.equal(device.read(0, 5).toString(), 'hello');
  closeSync(pipe.read);
  closeSync(pipe.write);
});

test('waiting for the end of a full stream can be cancelled', async (t) => {
  const device = makeDevice(t, 4096);
  const pipe = makePipe(t);
  writeSync(pipe.write, Buffer.alloc(4096, 7));
  const signal = AbortSignal.timeout(150);
  const segments = [{ device: 0, offset: 0, fileOffset: 0, length: 4096 }];
  const result = await runBulk({ operation: 'copyInStream', devices: [device], segments, fd: pipe.read, signal });
  assert.deepEqual(result, { bytes: 4096, faults: [], cancelled: true, more: false });
  closeSync(pipe.read);
  closeSync(pipe.write);
});

test('a pipe in place of a file is ESPIPE', async (t) => {
  const device = makeDevice(t, 4096);
  const segments = [{ device: 0, offset: 0, fileOffset: 0, length: 4096 }];
  const pipe = makePipe(t);
  assert.equal(
    (await runBulk({ operation: 'copyIn', devices: [device], segments, fd: pipe.read })).faults[0]?.code,
    'ESPIPE',
  );
  assert.equal(
    (await runBulk({ operation: 'copyOut', devices: [device], segments, fd: pipe.write })).faults[0]?.code,
    'ESPIPE',
  );
  closeSync(pipe.read);
  closeSync(pipe.write);
});
