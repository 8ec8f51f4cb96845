/** Decoding and encoding what the reference wrote gives the same bytes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { encodeLogEntry } from '../../src/format/entries/encoder.js';
import type { LogEntry } from '../../src/format/entries/entryTypes.js';
import { decodeEntry } from '../../src/format/entries/reader.js';
import { LOG_ENTRY_CRC_SPAN, LOG_ENTRY_SIZE } from '../../src/format/logEntry.js';
import { encodeLogHeader, lastIndexOf, logHeaderStruct } from '../../src/format/logHeader.js';
import { viewOf } from '../../src/format/struct.js';
import {
  DEFAULT_ALLOCATION_UNIT,
  encodeSuperblock,
  SUPERBLOCK_REGION,
  superblockStruct,
} from '../../src/format/superblock.js';
import { crc32 } from '../../src/native/device.js';
import { goldenBytes, goldenFile } from '../support/golden.js';
import { entryOffset } from '../support/patch.js';

const SOUND = ['g1', 'g2', 'g3', 'g4'];

function entriesOf(name: string): { entry: LogEntry; bytes: Buffer; slot: number }[] {
  const image = goldenBytes(name);
  const { nextIndex } = logHeaderStruct.read(viewOf(image), SUPERBLOCK_REGION);
  return Array.from({ length: nextIndex }, (_, slot) => {
    const bytes = image.subarray(entryOffset(slot), entryOffset(slot) + LOG_ENTRY_SIZE);
    const crc = crc32(bytes.subarray(0, LOG_ENTRY_CRC_SPAN));
    const { entry, faults } = decodeEntry({ data: bytes, view: viewOf(bytes) }, 0, slot, crc, DEFAULT_ALLOCATION_UNIT);
    assert.deepEqual(faults, [], `${name} entry ${slot}`);
    return { entry: entry as LogEntry, bytes, slot };
  });
}

for (const name of SOUND) {
  test(`superblock and log header of ${name} encode to the same bytes`, () => {
    const image = goldenBytes(name);
    const view = viewOf(image);
    const superblock = encodeSuperblock(superblockStruct.read(view, 0), crc32);
    assert.deepEqual(superblock, image.subarray(0, superblockStruct.size));
    const { length, nextIndex } = logHeaderStruct.read(view, SUPERBLOCK_REGION);
    const header = image.subarray(SUPERBLOCK_REGION, SUPERBLOCK_REGION + logHeaderStruct.size);
    assert.deepEqual(encodeLogHeader(length, nextIndex, crc32), header);
  });

  test(`every entry of ${name} encodes to the same bytes`, () => {
    for (const { entry, bytes, slot } of entriesOf(name)) assert.deepEqual(encodeLogEntry(entry, slot, crc32), bytes);
  });
}

test('entries agree with the texts of the reference beside the images', () => {
  for (const name of ['g2', 'g3']) {
    const texts = readFileSync(goldenFile(`${name}.yaml`), 'utf8')
      .split(/^#### entry.*\n/m)
      .slice(1);
    const entries = entriesOf(name);
    assert.equal(texts.length, entries.length);
    for (const [i, { entry }] of entries.entries())
      assert.equal(describe(entry), texts[i]?.trim(), `${name} entry ${i}`);
  }
});

/** An entry as the reference prints it: ids as signed numbers, modes as C prints them with a leading 0. */
function describe(entry: LogEntry): string {
  assert.notEqual(entry.type, 'ADD_DAXDEV');
  const { path, uid, gid, mode } = entry as Exclude<LogEntry, { type: 'ADD_DAXDEV' }>;
  if (entry.type !== 'FILE') return `dump: mkdir: ${mode.toString(8)} ${uid | 0}:${gid | 0}: ${path}`;
  const head = ['---', 'file:', `  path: ${path}`, `  size: ${entry.size}`, `  flags: ${entry.flags}`];
  head.push(`  mode: 0${mode.toString(8)}`, `  uid: ${uid | 0}`, `  gid: ${gid | 0}`);
  const { fmap } = entry;
  const interleaved = fmap.layout === 'interleaved';
  head.push(`  nextents: ${interleaved ? 1 : fmap.extents.length}`);
  if (fmap.layout === 'interleaved')
    head.push(
      '  striped_ext_list:',
      `  - nstrips: ${fmap.extents.length}`,
      `    chunk_size: 0x${fmap.chunkSize.toString(16)}`,
    );
  const indent = interleaved ? '    ' : '  ';
  head.push(`${indent}simple_ext_list:`);
  for (const { daxdev, deviceOffset: offset, length } of fmap.extents)
    head.push(
      `${indent}- devindex: ${daxdev}`,
      `${indent}  offset: 0x${offset.toString(16)}`,
      `${indent}  length: 0x${length.toString(16)}`,
    );
  return [...head, '...'].join('\n');
}

test('the number of slots for each log length is that of docs/format.md', () => {
  const slots = { 8: 15_420, 16: 30_840, 32: 61_680, 64: 123_361, 128: 246_723, 256: 493_447 };
  for (const [mib, count] of Object.entries(slots)) assert.equal(lastIndexOf(Number(mib) * 1024 ** 2) + 1, count);
});
