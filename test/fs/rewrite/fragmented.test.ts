/** Rewrites on a nearly full primary whose free space is in small holes: the journal is in many of them. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  JOURNAL_CRC_SPAN,
  JOURNAL_TABLE_OFFSET,
  journalExtentStruct,
  rewriteJournalStruct,
} from '../../../src/format/rewriteJournal.js';
import { crc32 } from '../../../src/native/device.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, MIB } from '../../support/sandbox.js';
import { STEPS, stopAfter } from './stopped.js';

const UNIT = 4096;
const FILES = 128;
/** bytes before the first file, with a log of 8 MiB */
const BEGIN = 10 * MIB;

const sandbox = new PoolSandbox();
const RM = ['rm', '--clients-unmounted'];
const name = (i: number) => `f${String(i).padStart(3, '0')}`;
const kept = Array.from({ length: FILES / 2 }, (_, i) => name(2 * i));
const removed = Array.from({ length: FILES / 2 }, (_, i) => name(2 * i + 1));

/** Full, then without every second file: no hole is longer than a unit. */
async function fragmented(): Promise<string> {
  const image = sandbox.image('full.img', BEGIN + FILES * UNIT);
  await sandbox.ok(['mkfs', '--force', '--alloc-unit', '4K', image]);
  sandbox.env.FAMFS_DEV = image;
  await sandbox.ok(['creat', '--seed', '1', '-s', `${UNIT}`, ...Array.from({ length: FILES }, (_, i) => name(i))]);
  const { code, hint } = await sandbox.error([...RM, ...removed]);
  assert.equal(code, 'NO_SPACE');
  assert.match(hint ?? '', /--journal FILE/);
  await sandbox.ok([...RM, '--journal', sandbox.path('journal'), ...removed]);
  const { largestHole } = await sandbox.json<{ largestHole: number }>(['df']);
  assert.equal(largestHole, UNIT);
  return image;
}

async function names(): Promise<string[]> {
  const { entries } = await sandbox.json<{ entries: { path: string }[] }>(['ls']);
  return entries.map(({ path }) => path).sort();
}

async function judge(expected: readonly string[], image: string): Promise<void> {
  assert.deepEqual(await names(), [...expected].sort());
  await sandbox.ok(['verify', '-S', '1', ...kept.slice(1)]);
  assert.equal((await sandbox.fsck('-n', image)).exitCode, 0);
}

test('the journal goes into many holes, and a rewrite that was stopped is completed from them', async () => {
  const image = await fragmented();
  const sound = `${image}.sound`;
  copyFileSync(image, sound);
  const [first = '', ...others] = kept;
  for (const [step, number] of Object.entries(STEPS)) {
    copyFileSync(sound, image);
    await stopAfter(sandbox, number, [...RM, first]);
    if (number === STEPS.pointed) {
      // the same in a copy of the metadata
      for (const options of [[], ['--scramble']]) {
        await sandbox.ok(['dump', ...options, '--force', '-o', 'j.fmd', image]);
        await sandbox.ok(['restore', 'j.fmd', '--to', 'copy', '--force']);
        const { exitCode, stdout } = await sandbox.run(['fsck', '-p', '--no-undo', 'copy/daxdev-0.img']);
        assert.deepEqual([exitCode, /; (\d+) files/.exec(stdout)?.[1]], [1, `${others.length}`], stdout);
      }
    }
    const isBegun = number >= STEPS.begun && number < STEPS.real;
    const { exitCode } = await sandbox.fsck('-p', '--no-undo', image);
    assert.equal(exitCode, isBegun ? 1 : 0, step);
    await judge(number < STEPS.pointed ? kept : others, image);
  }
  // and the next rewrite finds room again
  await sandbox.ok(['mv', '--clients-unmounted', 'f002', 'g']);
  await sandbox.ok(['mv', '--clients-unmounted', 'g', 'f002']);
  await judge(others, image);
});

test('a table of extents with an impossible row is not used', async () => {
  const image = await fragmented();
  await stopAfter(sandbox, STEPS.pointed, [...RM, kept[0] as string]);
  const place = Number(firstBytes(image, 2 * MIB + 16).readBigUInt64LE(2 * MIB + 8));
  const sound = firstBytes(image, place + UNIT).subarray(place);
  const count = Number(sound.readBigUInt64LE(rewriteJournalStruct.offsets.extents));
  assert.ok(count > 5);
  const { size, offsets } = journalExtentStruct;
  const row = (i: number) => JOURNAL_TABLE_OFFSET + i * size;
  const second = sound.readBigUInt64LE(row(1));
  const wrong: [at: number, value: bigint][] = [
    // on the log, beyond the end, beyond all numbers, on the beginning, twice the same
    [row(0) + offsets.offset, BigInt(4 * MIB)],
    [row(count - 1) + offsets.offset, BigInt(BEGIN + FILES * UNIT)],
    [row(0) + offsets.offset, 2n ** 64n - 1n],
    [row(0) + offsets.offset, BigInt(place)],
    [row(0) + offsets.offset, second],
    // none, too many, very many
    [row(1) + offsets.entries, 0n],
    [row(1) + offsets.entries, 9n],
    [row(1) + offsets.entries, 2n ** 63n],
    [rewriteJournalStruct.offsets.extents, BigInt(count - 1)],
    [rewriteJournalStruct.offsets.extents, 2n ** 40n],
  ];
  for (const [at, value] of wrong) {
    const damaged = Buffer.from(sound);
    damaged.writeBigUInt64LE(value, at);
    const rows = Math.min(Number(damaged.readBigUInt64LE(rewriteJournalStruct.offsets.extents)), count);
    const table = crc32(damaged.subarray(JOURNAL_TABLE_OFFSET, row(rows)));
    damaged.writeBigUInt64LE(BigInt(table), rewriteJournalStruct.offsets.tableChecksum);
    damaged.writeBigUInt64LE(BigInt(crc32(damaged.subarray(0, JOURNAL_CRC_SPAN))), JOURNAL_CRC_SPAN);
    overwrite(image, place, damaged);
    const { exitCode, findings, repairs } = await sandbox.fsck('-y', image);
    assert.deepEqual([exitCode, repairs], [4, []], `${value} at ${at}`);
    assert.match(findings[0]?.message ?? '', /its journal does not fit the log/);
    await sandbox.ok(['dump', '--force', '-o', 'damaged.fmd', image]);
    await sandbox.ok(['restore', 'damaged.fmd', '--to', 'copy', '--force']);
  }
  overwrite(image, place, sound);
  assert.equal((await sandbox.fsck('-p', '--no-undo', image)).exitCode, 1);
  await judge(kept.slice(1), image);
});
