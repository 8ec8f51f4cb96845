/**
 * Each store is written back and fenced, and nothing else is. Coherent memory would hide a mistake here, so the addon counts and
 * the counts are compared with the rule (docs/architecture.md, "Cache rules").
 */
import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { LOG_ENTRY_SIZE } from '../../src/format/logEntry.js';
import { logHeaderStruct } from '../../src/format/logHeader.js';
import { superblockStruct } from '../../src/format/superblock.js';
import { counters, type MemoryObserver, observeMemory, resetCounters } from '../../src/native/device.js';
import { entryOffset } from '../support/patch.js';
import { GIB, MIB, Sandbox, sandboxWithFs, stdinOf } from '../support/sandbox.js';

const LINE = 64;
const HEADER = 2 * MIB;

/** Cache lines that a range of bytes touches. */
function linesOf(offset: number, length: number): number[] {
  const first = Math.floor(offset / LINE);
  return Array.from({ length: Math.ceil((offset + length) / LINE) - first }, (_, i) => first + i);
}

/** Lines of the entries of slots [from, to), plus one line of header counters for each entry. */
function linesOfAppends(from: number, to: number): number {
  let lines = 0;
  for (let slot = from; slot < to; slot++) lines += linesOf(entryOffset(slot), LOG_ENTRY_SIZE).length + 1;
  return lines;
}

for (const [what, argv, isList] of [
  ['creat', ['creat', '-s', '1'], false],
  ['creat of a list', ['creat', '--from', '-'], true],
  ['mkdir', ['mkdir'], false],
] as const) {
  test(`${what} writes back the lines of each entry and one of the header, in two fenced steps`, async () => {
    const sandbox = new Sandbox();
    await sandbox.makeFs(GIB);
    const append = async (from: number, to: number) => {
      const paths = Array.from({ length: to - from }, (_, i) => `n${from + i}`);
      resetCounters();
      if (isList) await sandbox.ok([...argv], { stdin: stdinOf(paths.map((path) => `${path} 1\n`).join('')) });
      else await sandbox.ok([...argv, ...paths]);
      return counters();
    };
    const one = await append(0, 1);
    const few = await append(1, 11);
    const many = await append(11, 71);
    assert.equal(one.linesWrittenBack, linesOfAppends(0, 1));
    assert.equal(few.linesWrittenBack, linesOfAppends(1, 11));
    assert.equal(many.linesWrittenBack, linesOfAppends(11, 71));
    // what a command reads before its first append is fenced too
    assert.equal(many.fences - few.fences, 2 * (60 - 10));
    assert.equal(many.stores, 2 * 60);
  });
}

test('mkfs of an empty device writes back the header of the log and the superblock, in four fenced steps', async () => {
  const sandbox = new Sandbox();
  const path = sandbox.image('new.img', 64 * MIB);
  const { steps } = await watch(() => sandbox.ok(['mkfs', path]));
  const { linesWrittenBack } = counters();
  const magic = linesOf(0, 8);
  const superblock = linesOf(8, superblockStruct.size - 8);
  assert.deepEqual(steps, [magic, linesOf(HEADER, logHeaderStruct.size), superblock, magic]);
  assert.equal(linesWrittenBack, steps.flat().length);
});

test('no command leaves a line that it stored to but did not write back', async () => {
  const sandbox = new Sandbox();
  const [first, second] = [sandbox.image('p0.img', 64 * MIB), sandbox.image('p1.img', 64 * MIB)];
  sandbox.env.FAMFS_DEV = first;
  for (const argv of [
    ['mkfs', first],
    ['creat', '-s', '3M', 'a', 'b'],
    ['mkdir', '-p', 'd/e'],
    ['daxdev', 'add', second],
    ['creat', '-s', '8M', '--stripes', '2', 'd/f'],
    ['mkfs', '--force', '--stripes', '2', first, second],
    ['mkfs', '--force', '--kill', first],
  ]) {
    const { steps, left } = await watch(() => sandbox.ok(argv));
    assert.ok(steps.length > 0, argv.join(' '));
    assert.deepEqual(left, [], argv.join(' '));
    assert.equal(counters().linesWrittenBack, steps.flat().length, argv.join(' '));
  }
});

test('nor does a repair', async () => {
  const sandbox = new Sandbox();
  const path = await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '--from', '-'], { stdin: stdinOf('a 1M\nb 1M\n') });
  const fd = openSync(path, 'r+');
  // a kill between entry and counters leaves the last entry uncounted
  writeSync(fd, new BigUint64Array([1n, 1n]), 0, 16, HEADER + logHeaderStruct.offsets.nextSequence);
  closeSync(fd);
  const { steps, left } = await watch(() => sandbox.run(['fsck', '-p', '--no-undo', path]));
  assert.deepEqual([steps.flat(), left], [linesOf(HEADER + logHeaderStruct.offsets.nextSequence, 16), []]);
  assert.match(await sandbox.ok(['fsck', path]), /clean/);
});

interface Watched {
  /** lines that were stored to, written back and fenced, step by step, on all daxdevs */
  readonly steps: number[][];
  /** lines that were stored to and not written back and fenced at the end */
  readonly left: string[];
}

/** Resets the counters, runs `work` and follows each line that it stores to. */
async function watch(work: () => Promise<unknown>): Promise<Watched> {
  const steps: number[][] = [];
  const dirty = new Set<string>();
  const writtenBack = new Set<string>();
  let step: number[] = [];
  const observer: MemoryObserver = {
    write: ({ identity }, offset, bytes) => {
      for (const line of linesOf(offset, bytes.length)) dirty.add(`${identity} ${line}`);
    },
    writeBack: ({ identity }, offset, length) => {
      for (const line of linesOf(offset, length)) writtenBack.add(`${identity} ${line}`);
      step.push(...linesOf(offset, length));
    },
    fence: () => {
      for (const line of writtenBack) dirty.delete(line);
      writtenBack.clear();
      if (step.length > 0) steps.push(step);
      step = [];
    },
  };
  resetCounters();
  observeMemory(observer);
  try {
    await work();
  } finally {
    observeMemory(undefined);
  }
  return { steps, left: [...dirty] };
}

test('filling bypasses the cache or writes back every line, before the entry appears', async () => {
  const sandbox = await sandboxWithFs(256 * MIB);
  resetCounters();
  await sandbox.ok(['creat', '-s', '3M', '--seed', '7', 'a']);
  const { bytesStored, fences } = counters();
  assert.ok(bytesStored >= 3 * MIB && bytesStored < 3.1 * MIB, String(bytesStored));
  assert.ok(fences >= 3, String(fences));
});

test('an append writes back the entry and one header line, whatever the length of the log', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(GIB);
  const linesFor = async (files: number, prefix: string) => {
    const list = Array.from({ length: files }, (_, i) => `${prefix}${i} 1`).join('\n');
    resetCounters();
    await sandbox.ok(['creat', '--from', '-'], { stdin: stdinOf(list) });
    return counters();
  };
  const ten = await linesFor(10, 'a');
  const sixty = await linesFor(60, 'b');
  const perFile = (sixty.linesWrittenBack - ten.linesWrittenBack) / 50;
  // an entry of 544 bytes touches 9 or 10 lines, the counters touch one
  assert.ok(perFile > 9.4 && perFile <= 11, `${perFile} lines a file`);
  assert.equal(sixty.stores - ten.stores, 2 * 50);
});
