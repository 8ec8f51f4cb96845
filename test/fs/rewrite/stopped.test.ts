/** A rewrite that was stopped: nobody takes what it left for a log, and the next writer or fsck -p completes or drops it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { JOURNAL_CRC_SPAN, rewriteJournalStruct } from '../../../src/format/rewriteJournal.js';
import { crc32 } from '../../../src/native/device.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, MIB, OTHER_UUID, OWN_UUID } from '../../support/sandbox.js';
import { magicOf, STEPS, stopAfter } from './stopped.js';

const sandbox = new PoolSandbox();
const RM = ['rm', '--clients-unmounted', 'a'];
/** where the first free unit is, with a log of 8 MiB and the three files below */
const JOURNAL = 16 * MIB;

async function threeFiles(): Promise<string> {
  const image = await sandbox.makeFs(64 * MIB, '--force');
  await sandbox.ok(['creat', '-s', '2M', 'a', 'b', 'c']);
  return image;
}

async function names(): Promise<string[]> {
  const { entries } = await sandbox.json<{ entries: { path: string }[] }>(['ls']);
  return entries.map(({ path }) => path);
}

/** Stops rm at a step. */
async function stopped(step: number, ...options: string[]): Promise<string> {
  const image = await threeFiles();
  const { exitCode } = await stopAfter(sandbox, step, [...RM, ...options]);
  assert.notEqual(exitCode, 0);
  return image;
}

for (const [name, step] of Object.entries(STEPS).filter(([name]) => name !== 'cleared')) {
  test(`a rewrite that was stopped after the step '${name}'`, async () => {
    const isOld = step < STEPS.pointed;
    const expected = isOld ? ['a', 'b', 'c'] : ['b', 'c'];
    const isUnsound = step >= STEPS.begun && step < STEPS.real;
    const image = await stopped(step);
    assert.equal(magicOf(image), isUnsound ? 'rewriting' : 'log');
    if (isUnsound) {
      for (const argv of [['ls'], ['stat', 'b'], ['df'], ['logplay'], ['info'], ['verify', '-S', '1', 'b']]) {
        const { code, hint } = await sandbox.error(argv);
        assert.deepEqual([argv, code], [argv, 'LOG_REWRITING']);
        assert.match(hint ?? '', /famfs fsck -p/);
      }
      const report = await sandbox.fsck('-n', image);
      assert.deepEqual([report.exitCode, report.findings.map(({ code }) => code)], [4, ['LOG_REWRITING']]);
      sandbox.becomeHost(OTHER_UUID);
      assert.equal((await sandbox.error(['creat', '-s', '2M', 'd'])).code, 'NOT_MASTER');
      assert.equal((await sandbox.error(['fsck', '-p', image])).code, 'NOT_MASTER');
      sandbox.becomeHost(OWN_UUID);
      const repaired = await sandbox.fsck('-p', '--undo', sandbox.path(`${name}.undo`), image);
      assert.deepEqual([repaired.exitCode, repaired.repairs.map(({ id }) => id)], [1, ['LOG_REWRITE']]);
      assert.deepEqual(await names(), expected);
      // taken back, it is as it was stopped, and the next writer completes it
      await sandbox.ok(['undo', sandbox.path(`${name}.undo`)]);
      assert.equal(magicOf(image), 'rewriting');
    } else assert.deepEqual(await names(), expected);
    const { exitCode, stderr } = await sandbox.run(['creat', '-s', '2M', 'd']);
    assert.equal(exitCode, 0, stderr);
    assert.equal(/was being rewritten when its writer was interrupted/.test(stderr), isUnsound, stderr);
    assert.deepEqual(await names(), [...expected, 'd']);
    assert.equal((await sandbox.fsck('-n', image)).exitCode, 0);
  });
}

test('a journal in a file completes the rewrite, and nothing else does', async () => {
  const file = sandbox.path('journal');
  const image = await stopped(STEPS.entries, '--journal', file);
  assert.equal((await sandbox.error(['creat', '-s', '2M', 'd'])).code, 'LOG_REWRITING');
  const report = await sandbox.fsck('-p', image);
  assert.deepEqual([report.exitCode, report.repairs], [4, []]);
  assert.match(report.findings[0]?.message ?? '', /--journal/);
  // the journal of another file system
  const other = sandbox.image('other.img', 64 * MIB);
  await sandbox.ok(['mkfs', other]);
  await sandbox.ok(['creat', '-s', '2M', 'a', 'b', '--dev', other]);
  await stopAfter(sandbox, STEPS.entries, [...RM, '--dev', other, '--journal', sandbox.path('foreign')]);
  const foreign = await sandbox.fsck('-p', '--journal', sandbox.path('foreign'), image);
  assert.deepEqual([foreign.exitCode, foreign.repairs], [4, []]);
  assert.match(foreign.findings[0]?.message ?? '', /belongs to the file system/);
  assert.equal((await sandbox.fsck('-p', '--journal', file, image)).exitCode, 1);
  assert.deepEqual(await names(), ['b', 'c']);
  assert.equal((await sandbox.fsck('-n', image)).exitCode, 0);
});

test('a journal in a file is gone with the command, or when nothing was changed', async () => {
  const file = sandbox.path('short-lived');
  await threeFiles();
  const { journal } = await sandbox.json(['rm', '--clients-unmounted', '--journal', file, 'a']);
  assert.deepEqual([journal, existsSync(file)], [{ path: file, deviceOffset: 0 }, false]);
  await stopped(STEPS.entriesOfJournal, '--journal', file);
  assert.ok(!existsSync(file));
  assert.deepEqual(await names(), ['a', 'b', 'c']);
  assert.equal((await sandbox.error([...RM, '--journal', sandbox.path('no/such')])).code, 'JOURNAL');
  assert.equal(
    (await sandbox.error([...RM, '--journal', process.env.FAMFS_DEV ?? sandbox.env.FAMFS_DEV ?? ''])).code,
    'JOURNAL',
  );
});

test('a journal of which any field is damaged is not used', async () => {
  const image = await stopped(STEPS.entries);
  const sound = readFileSync(image);
  const journal = sound.subarray(JOURNAL, JOURNAL + rewriteJournalStruct.size);
  for (const [field, { size }] of Object.entries(rewriteJournalStruct.fields)) {
    const offset = rewriteJournalStruct.offsets[field as keyof typeof rewriteJournalStruct.offsets];
    for (const fixCrc of field === 'crc' || field === 'historyUuid' ? [false] : [false, true]) {
      const damaged = Buffer.from(journal);
      for (let i = 0; i < size; i++) damaged[offset + i] = (damaged[offset + i] as number) ^ 0x15;
      if (fixCrc) damaged.writeBigUInt64LE(BigInt(crc32(damaged.subarray(0, JOURNAL_CRC_SPAN))), JOURNAL_CRC_SPAN);
      overwrite(image, JOURNAL, damaged);
      const { exitCode, findings, repairs } = await sandbox.fsck('-y', image);
      assert.deepEqual([field, exitCode, repairs], [field, 4, []]);
      assert.match(findings[0]?.message ?? '', /^the log is being rewritten, but its journal /);
      assert.equal((await sandbox.error(['creat', '-s', '2M', 'd'])).code, 'LOG_DAMAGED');
    }
  }
  // an entry of another size, whole by itself
  overwrite(image, JOURNAL, journal);
  overwrite(image, JOURNAL + 4096 + 16, Buffer.of(9));
  assert.match((await sandbox.fsck('-y', image)).findings[0]?.message ?? '', /damaged entries/);
  assert.equal(Buffer.compare(firstBytes(image, 10 * MIB), sound.subarray(0, 10 * MIB)), 0, 'something was written');
});

test('a pool keeps its members while its log is being rewritten', async () => {
  const [primary = ''] = await sandbox.makePool(32, 32);
  await sandbox.ok(['creat', '-s', '4M', '--stripes', '2', '--chunk', '2M', 'x']);
  await stopAfter(sandbox, STEPS.entries, ['mv', '--clients-unmounted', 'x', 'y']);
  const { findings } = await sandbox.fsck('-n', primary);
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['LOG_REWRITING'],
  );
  assert.equal((await sandbox.fsck('-p', primary)).exitCode, 1);
  assert.equal((await sandbox.list()).daxdevs.filter(({ state }) => state === 'present').length, 2);
  assert.deepEqual(await names(), ['y']);
  assert.ok(existsSync(join(sandbox.folder, 'p1.img')));
});
