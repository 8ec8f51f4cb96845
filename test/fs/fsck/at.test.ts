/** fsck of an earlier state: what the first N log entries made, and nothing that came later or has no past. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { extentStruct, fileStruct } from '../../../src/format/entries/fileStruct.js';
import { PAYLOAD_OFFSET } from '../../../src/format/logEntry.js';
import { SUPERBLOCK_REGION } from '../../../src/format/superblock.js';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { Head } from '../../support/head.js';
import { entryOffset, pokeEntry, pokeExtent, pokeHeader, pokeSuperblock } from '../../support/patch.js';
import { type FsckReport, PoolSandbox } from '../../support/pool.js';
import { MIB, Sandbox } from '../../support/sandbox.js';

interface Report extends FsckReport {
  readonly at: number | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly log: { readonly entries: number; readonly files: number; readonly directories: number } | null;
}

const golden = new Sandbox(GOLDEN_MASTER);
const ENTRIES = 13;

async function report(sandbox: Sandbox, ...argv: readonly string[]): Promise<Report & { exitCode: number }> {
  const { exitCode, stdout } = await sandbox.run(['fsck', '--json', ...argv]);
  return { exitCode, ...(JSON.parse(stdout) as Report) };
}

test('an earlier state has the findings of the entries up to it', async () => {
  // slot 5 is damaged, and slot 9 has an extent of slot 8
  const image = goldenImage('g2', golden.folder, (bytes) => {
    pokeEntry(bytes, 5, 'crc', 1, false);
    pokeExtent(bytes, 9, 0, 1, firstExtent(bytes, 8));
  });
  const before = new Head(image, 10 * MIB);
  const codesAt = async (at: number) => {
    const { counts, exitCode, log, repairs, ...rest } = await report(golden, '--at', String(at), image);
    assert.deepEqual([rest.at, log?.entries, repairs, exitCode], [at, at, [], Object.keys(counts).length > 0 ? 4 : 0]);
    return Object.keys(counts).sort().join();
  };
  const found: string[] = [];
  for (const at of [0, 5, 6, 9, 10, ENTRIES]) found.push(await codesAt(at));
  const both = 'ENTRY_CRC,EXTENT_OVERLAP';
  assert.deepEqual(found, ['', '', 'ENTRY_CRC', 'ENTRY_CRC', both, both]);
  const now = await report(golden, image);
  assert.deepEqual([now.at, Object.keys(now.counts).sort().join()], [null, both]);
  assert.ok(before.isUnchanged());
});

/** The device offset of the first extent of a FILE entry. */
function firstExtent(bytes: Buffer, slot: number): bigint {
  const extents = entryOffset(slot) + PAYLOAD_OFFSET + fileStruct.offsets.extents;
  return bytes.readBigUInt64LE(extents + extentStruct.offsets.deviceOffset);
}

test('superblock, header and what comes later are not judged', async () => {
  const image = goldenImage('g2', golden.folder, (bytes) => {
    pokeSuperblock(bytes, 'flags', 7);
    pokeHeader(bytes, 'nextSequence', 99);
    pokeEntry(bytes, 12, 'type', 77);
  });
  const now = await report(golden, '-n', image);
  assert.ok(['SB_FLAGS', 'LOG_NEXT_MISMATCH', 'ENTRY_TYPE'].every((code) => code in now.counts));
  assert.deepEqual((await report(golden, '--at', '12', image)).counts, {});
  const text = await golden.ok(['fsck', '--at', '12', image]);
  assert.match(text, /as it was after 12 log entries; superblock, log header and other daxdevs .* were not checked\n/);
  // with neither superblock nor header there is no log to look at
  const lost = goldenImage('g2', golden.folder, (bytes) => bytes.fill(0, 0, SUPERBLOCK_REGION + 48));
  assert.equal((await golden.error(['fsck', '--at', '3', lost])).code, 'NO_FAMFS');
});

test('members that joined later do not matter, and maps are judged with --kernel', async () => {
  const sandbox = new PoolSandbox();
  const [primary, second] = await sandbox.makePool(32, 16);
  await sandbox.ok(['creat', '-s', '4M', '--daxdevs', '1', 'f']);
  rmSync(second as string);
  assert.ok('MEMBER_MISSING' in (await report(sandbox, '-n', primary as string)).counts);
  for (const at of ['0', '1', '2']) {
    const { counts, daxdevs } = await report(sandbox, '--kernel', 'v2', '--at', at, primary as string);
    assert.deepEqual([Object.keys(counts), daxdevs.length], [at === '2' ? ['KERNEL_V2'] : [], at === '0' ? 1 : 2]);
  }
});

test('an earlier state is never repaired, and must have existed', async () => {
  const image = goldenImage('g9', golden.folder);
  const head = new Head(image, 10 * MIB);
  for (const repair of ['-p', '-a', '-y', '-r'])
    assert.equal((await golden.error(['fsck', repair, '--at', '1', image])).code, 'USAGE', repair);
  for (const argv of [
    ['--at', '1', '--undo', 'u', image],
    ['--at', '1', '--journal', 'j', image],
    ['--at', '1', '--scan', image],
    ['--at', '1', '--list-checks'],
    ['--at', '1', image, image],
    ['--at', '-1', image],
  ])
    assert.equal((await golden.error(['fsck', ...argv])).code, 'USAGE', argv.join(' '));
  assert.equal((await golden.error(['fsck', '--at', '99', image])).code, 'NO_SUCH_ENTRY');
  assert.ok(head.isUnchanged());
});
