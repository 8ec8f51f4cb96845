import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runBulk, type Segment } from '../../src/native/bulk.js';
import { crc32 } from '../../src/native/device.js';
import { jumpedWords, words } from '../support/patternModel.js';
import { Random } from '../support/random.js';
import { gather, interleave, scatter, strays } from './layout.js';
import { makeDevice } from './scratch.js';

const MIB = 1024 * 1024;
const KNOWN_SIZE = 1048579;
const KNOWN = [
  {
    seed: 1,
    start:
      '284991ee66b6fb343a87ca18de441778e8a866a128f453c9630a3f0c918da0a0f6b0ce1a3add6b986c99d7d828e543367c7b31a52a3d71062ef95fec06ab5609',
    crc: 0xe71c25fb,
    end: 'a326a61aa913fd',
  },
  {
    seed: 42,
    start:
      '985f52e27afb0c3df88c822b402249e5d5781cc4cce1aad536a0a03bdb08a0ef6094e6c481e729e5ecf365f2ec7e898fb0c108be5651f0305a4c916d3f1e0ecc',
    crc: 0x123f8e7f,
    end: '59ee6bda2583bf',
  },
  {
    seed: 4294967295,
    start:
      '745532c32f3593628be2890ca3bb34fbd610caa9d3a26a39c6e11c011412081883a36890b8cf33b1e74c89da28be3c63957a75ab1076e2a31ebee8ddb3810f51',
    crc: 0xfc683923,
    end: 'b87d1bb5e0fb5a',
  },
];

function whole(length: number): Segment[] {
  return [{ device: 0, offset: 0, fileOffset: 0, length }];
}

test('the pattern has its known values', async (t) => {
  const device = makeDevice(t, KNOWN_SIZE);
  for (const { seed, start, crc, end } of KNOWN) {
    const result = await runBulk({ operation: 'fillPattern', devices: [device], segments: whole(KNOWN_SIZE), seed });
    assert.deepEqual(result, { bytes: KNOWN_SIZE, faults: [], cancelled: false });
    const bytes = device.read(0, KNOWN_SIZE);
    assert.equal(bytes.subarray(0, 64).toString('hex'), start);
    assert.equal(bytes.subarray(-7).toString('hex'), end);
    assert.equal(crc32(bytes), crc);
    assert.equal(
      (
        await runBulk({
          operation: 'verifyPattern',
          devices: [device],
          segments: whole(KNOWN_SIZE),
          seed: BigInt(seed),
        })
      ).difference,
      undefined,
    );
  }
});

test('the pattern is that of the plain generator, wherever it is cut', async (t) => {
  const random = new Random(t);
  for (const threads of [1, 2, 5]) {
    const layout = scatter(t, random, 20, 300_000);
    const seed = random.below(2 ** 32);
    await runBulk({ operation: 'fillPattern', ...layout, seed, threads });
    const model = words(BigInt(seed), Math.ceil(layout.size / 4));
    assert.equal(Buffer.compare(gather(layout), model.subarray(0, layout.size)), 0, `seed ${seed}`);
    assert.deepEqual(strays(layout), [-1, -1, -1]);
    const checked = await runBulk({ operation: 'verifyPattern', ...layout, seed, threads });
    assert.deepEqual(checked, { bytes: layout.size, faults: [], cancelled: false });
  }
});

test('far into a file the pattern is that of jumping there', async (t) => {
  const device = makeDevice(t, MIB);
  for (const [seed, fileOffset] of [
    [1, 4 * 2 ** 32],
    [7, 2 ** 40 + 4],
    [42, 2 ** 50 + 2 ** 33 + 12],
    [2 ** 53 - 1, 2 ** 52],
  ] as const) {
    await runBulk({
      operation: 'fillPattern',
      devices: [device],
      segments: [{ device: 0, offset: 0, fileOffset, length: MIB }],
      seed,
    });
    const model = jumpedWords(BigInt(seed), BigInt(fileOffset) / 4n, MIB / 4);
    assert.equal(Buffer.compare(device.read(0, MIB), model), 0, `seed ${seed} at ${fileOffset}`);
  }
});

test('each seed up to 2^64 - 1 gives its own pattern; others are refused', async (t) => {
  const device = makeDevice(t, 4096);
  await runBulk({ operation: 'fillPattern', devices: [device], segments: whole(4096), seed: 2n ** 64n - 1n });
  assert.equal(Buffer.compare(device.read(0, 4096), words(2n ** 64n - 1n, 1024)), 0);
  assert.notEqual(
    (await runBulk({ operation: 'verifyPattern', devices: [device], segments: whole(4096), seed: 2n ** 32n - 1n }))
      .difference,
    undefined,
  );
  for (const seed of [-1, 0.5, 2 ** 53, Number.NaN, -1n, 2n ** 64n]) {
    await assert.rejects(
      runBulk({ operation: 'fillPattern', devices: [device], segments: whole(4096), seed }),
      RangeError,
    );
    await assert.rejects(
      runBulk({ operation: 'verifyPattern', devices: [device], segments: whole(4096), seed }),
      RangeError,
    );
  }
});

test('verify finds the first wrong byte of a file, however many there are and on any number of threads', async (t) => {
  const random = new Random(t);
  const layout = interleave(t, 3, 2 * MIB, 24 * MIB + 777);
  await runBulk({ operation: 'fillPattern', ...layout, seed: 5 });
  const wrong: number[] = [];
  for (let i = 0; i < 60; i++) {
    const fileOffset = random.below(layout.size);
    const segment = layout.segments.find((one) => fileOffset < one.fileOffset + one.length)!;
    const offset = segment.offset + fileOffset - segment.fileOffset;
    const device = layout.devices[segment.device]!;
    const expected = device.read(offset, 1)[0]!;
    device.write(offset, Buffer.of(expected ^ 0x80));
    if (wrong.includes(fileOffset)) continue;
    wrong.push(fileOffset);
    const first = Math.min(...wrong);
    const { difference, cancelled, faults } = await runBulk({
      operation: 'verifyPattern',
      ...layout,
      seed: 5,
      threads: 1 + (i % 4),
    });
    assert.deepEqual([cancelled, faults], [false, []]);
    assert.equal(difference?.fileOffset, first);
    if (first === fileOffset) {
      assert.deepEqual(difference, { device: segment.device, offset, fileOffset, expected, found: expected ^ 0x80 });
    }
  }
});
