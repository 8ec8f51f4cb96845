/** One cause is one finding, however many log entries it makes bad. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { entryOffset, pokeSuperblock } from '../../support/patch.js';
import { type FsckReport, overwrite, PoolSandbox } from '../../support/pool.js';
import { MIB, Sandbox } from '../../support/sandbox.js';

const sandbox = new Sandbox(GOLDEN_MASTER);
const LOG_HEADER = 0x200000;
const ENTRIES = 13;

async function check(image: string): Promise<FsckReport> {
  return JSON.parse((await sandbox.run(['fsck', '-n', '--json', image])).stdout);
}

/** Code, slots and how many of them, of each finding. */
function slotsOf({ findings }: FsckReport) {
  return findings.map(({ code, slot, lastSlot, count }) => [code, slot, lastSlot, count]);
}

test('no byte of the log header prints more than a few lines when it is damaged', async () => {
  for (let at = LOG_HEADER; at < LOG_HEADER + 48; at++)
    for (const bits of [0x01, 0xff]) {
      const image = goldenImage('g2', sandbox.folder, (i) => i.writeUInt8(i.readUInt8(at) ^ bits, at));
      const { stdout } = await sandbox.run(['fsck', '-n', '--max-findings', '10000', image]);
      const lines = stdout.split('\n').length;
      assert.ok(lines <= 8, `byte ${at - LOG_HEADER} of the header, bits ${bits}: ${lines} lines`);
    }
});

test('slots that the header counts and nobody wrote to are one finding with their range', async () => {
  const image = goldenImage('g2', sandbox.folder, (i) => i.writeUInt8(1, LOG_HEADER + 41));
  const report = await check(image);
  assert.deepEqual(slotsOf(report).slice(1), [['ENTRY_BLANK', ENTRIES, ENTRIES + 255, 256]]);
  assert.equal(report.errors, 2);
  const { stdout } = await sandbox.run(['fsck', '-n', image]);
  assert.match(stdout, /^error ENTRY_BLANK \(log entries 13 to 268\): these slots are all zeros/m);
});

test('a run of unreadable entries is one finding for each thing that is wrong with them', async () => {
  const image = goldenImage('g4', sandbox.folder, (i) => i.fill(0xa5, entryOffset(100), entryOffset(220)));
  const report = await check(image);
  assert.deepEqual(slotsOf(report), [
    ['ENTRY_CRC', 100, 219, 120],
    ['ENTRY_SEQUENCE', 100, 219, 120],
    ['ENTRY_RESERVED', 100, 219, 120],
    ['ENTRY_TYPE', 100, 219, 120],
  ]);
});

test('unreadable entries with a readable one between them are two findings', async () => {
  const image = goldenImage('g4', sandbox.folder, (i) => [
    i.fill(0, entryOffset(100), entryOffset(110)),
    i.fill(0, entryOffset(111), entryOffset(112)),
  ]);
  assert.deepEqual(slotsOf(await check(image)), [
    ['ENTRY_BLANK', 100, 109, 10],
    ['ENTRY_BLANK', 111, undefined, 1],
  ]);
});

test('the files of a directory whose entry is lost are one finding', async () => {
  const image = sandbox.image('tree', 64 * MIB);
  const own = new Sandbox();
  const dev = ['--dev', image];
  await own.ok(['mkfs', '--quiet', image]);
  await own.ok(['mkdir', 'd', 'e', ...dev]);
  await own.ok(['creat', '-s', '1', 'd/1', 'e/1', 'd/2', 'e/2', 'd/3', ...dev]);
  overwrite(image, entryOffset(0), Buffer.alloc(544));
  const report = await check(image);
  assert.deepEqual(slotsOf(report), [
    ['ENTRY_BLANK', 0, undefined, 1],
    ['PARENT_MISSING', 2, 6, 3],
  ]);
  const { stdout } = await sandbox.run(['fsck', '-n', image]);
  assert.match(stdout, /PARENT_MISSING \(3 of log entries 2 to 6\): parent directory 'd' does not exist/);
});

test('the files on a daxdev whose entry is lost are one finding, whatever lies between them', async () => {
  const box = new PoolSandbox();
  const [primary = ''] = await box.makePool(64, 64);
  for (const name of ['a', 'b', 'c']) await box.ok(['creat', '-s', '2M', name, '--daxdevs', name === 'b' ? '0' : '1']);
  overwrite(primary, entryOffset(0), Buffer.alloc(544));
  const { findings } = await box.fsck('-n', primary);
  assert.deepEqual(
    findings.map(({ code, slot, lastSlot, count, daxdev }) => [code, slot, lastSlot, count, daxdev]),
    [
      ['ENTRY_BLANK', 0, undefined, 1, undefined],
      ['EXTENT_DEVICE', 1, 3, 2, 1],
      ['MEMBER_ORPHAN', undefined, undefined, 1, undefined],
    ],
  );
});

test('the files that a superblock with too small a size cuts off are one finding', async () => {
  const image = goldenImage('g4', sandbox.folder, (i) => pokeSuperblock(i, 'deviceSize', 64 * MIB));
  const report = await check(image);
  assert.deepEqual(
    report.findings.map(({ code, count }) => [code, count]),
    [
      ['SB_DEVICE_SIZE', 1],
      ['EXTENT_BOUNDS', 15_393],
    ],
  );
  assert.equal(report.errors, 2);
});
