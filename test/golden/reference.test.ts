/** Our own golden images by the rules of the reference (docs/format), read byte by byte without any code of the toolkit. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { crc32, gunzipSync } from 'node:zlib';
import { GOLDEN_MASTER, goldenFile, goldenImage } from '../support/golden.js';
import { Sandbox } from '../support/sandbox.js';

const MIB = 1024 ** 2;
const UNIT = 4096;
const DEVICE = 64 * MIB;
const LOG = 2 * MIB;
const LOG_LENGTH = 8 * MIB;

interface Extent {
  readonly offset: number;
  readonly length: number;
}

interface Entry {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
  readonly chunk: number;
  readonly extents: readonly Extent[];
}

function numberAt(bytes: Buffer, offset: number): number {
  return Number(bytes.readBigUInt64LE(offset));
}

function textAt(bytes: Buffer, offset: number): string {
  return bytes.toString('latin1', offset, bytes.indexOf(0, offset));
}

function judgeSuperblock(bytes: Buffer): void {
  assert.deepEqual(
    [0, 8, 16, 24, 32].map((offset) => numberAt(bytes, offset)),
    [0x87b282ff, 48, LOG, LOG_LENGTH, UNIT],
  );
  assert.deepEqual([bytes.readUInt32LE(40), bytes.readUInt32LE(44)], [2, 2]);
  assert.equal(bytes.toString('hex', 80, 96), GOLDEN_MASTER.replaceAll('-', ''));
  assert.equal(numberAt(bytes, 96), crc32(bytes.subarray(0, 96)));
  assert.equal(numberAt(bytes, 112), DEVICE);
}

/** The entries, each of which is sound by itself. */
function judgeLog(bytes: Buffer): Entry[] {
  const header = bytes.subarray(LOG, LOG + 48);
  const slots = Math.floor((LOG_LENGTH - 48) / 544);
  assert.equal(header.readBigUInt64LE(0), 0xbadcafef00dn);
  assert.deepEqual([numberAt(header, 8), numberAt(header, 16)], [LOG_LENGTH, slots - 1]);
  assert.equal(numberAt(header, 24), crc32(header.subarray(0, 24)));
  const next = numberAt(header, 40);
  assert.equal(numberAt(header, 32), next);
  return Array.from({ length: next }, (_, slot) => {
    const entry = bytes.subarray(LOG + 48 + slot * 544, LOG + 48 + (slot + 1) * 544);
    assert.equal(numberAt(entry, 0), slot);
    assert.equal(entry.readUInt32LE(12), 0);
    assert.equal(numberAt(entry, 536), crc32(entry.subarray(0, 536)));
    const payload = entry.subarray(16, 536);
    return entry.readUInt32LE(8) === 1 ? toDirectory(payload) : toFile(entry.readUInt32LE(8), payload);
  });
}

function toDirectory(payload: Buffer): Entry {
  assert.ok(payload.subarray(92).every((byte) => byte === 0));
  return { path: textAt(payload, 12), size: 0, mode: payload.readUInt32LE(8), chunk: 0, extents: [] };
}

function toFile(type: number, payload: Buffer): Entry {
  assert.equal(type, 0);
  assert.equal(payload.readUInt32LE(8), 2);
  const interleaved = payload.readUInt32LE(104) === 1;
  const records = payload.readUInt32LE(112);
  const count = interleaved ? numberAt(payload, 120) : records;
  assert.ok(count >= 1 && count <= 16 && (!interleaved || records === 1));
  const first = interleaved ? 136 : 120;
  assert.ok(payload.subarray(first + count * 24).every((byte) => byte === 0));
  const extents = Array.from({ length: count }, (_, i) => {
    assert.equal(numberAt(payload, first + i * 24), 0, 'on the primary');
    return { offset: numberAt(payload, first + i * 24 + 8), length: numberAt(payload, first + i * 24 + 16) };
  });
  const chunk = interleaved ? numberAt(payload, 128) : 0;
  return { path: textAt(payload, 24), size: numberAt(payload, 0), mode: payload.readUInt32LE(20), chunk, extents };
}

/** Extents are of whole units, on the room for files, on no other, and hold the file; strips are as long as they must be. */
function judgeSpace(entries: readonly Entry[]): void {
  const all = entries.flatMap(({ extents }) => extents).sort((a, b) => a.offset - b.offset);
  let end = LOG + LOG_LENGTH;
  for (const { offset, length } of all) {
    assert.ok(offset % UNIT === 0 && length % UNIT === 0 && length > 0 && offset >= end);
    end = offset + length;
  }
  assert.ok(end <= DEVICE);
  for (const { path, size, chunk, extents } of entries) {
    const space = extents.reduce((sum, { length }) => sum + length, 0);
    if (chunk === 0) assert.equal(space, Math.ceil(size / UNIT) * UNIT, path);
    else {
      assert.ok(chunk % UNIT === 0 && Number.isInteger(Math.log2(chunk)) && size >= chunk, path);
      const strip = Math.ceil(size / (extents.length * chunk)) * chunk;
      assert.ok(extents.every(({ length }) => length === strip), path);
    }
  }
}

for (const [name, paths] of Object.entries({
  g40: [],
  g41: ['dir', 'dir/sub', 'one_byte', 'one_unit', 'two_units', 'packed', 'huge_page', 'large', 'tail'],
  g42: ['least_chunk', 'short_strips', 'huge_pages', 'below_chunk'],
})) {
  test(`${name} keeps the rules of the reference, and our replay reads the same`, async () => {
    const bytes = gunzipSync(readFileSync(goldenFile(`${name}.meta.gz`)));
    judgeSuperblock(bytes);
    const entries = judgeLog(bytes);
    judgeSpace(entries);
    assert.deepEqual(
      entries.map(({ path }) => path),
      paths.map((path, i) => entries[i]?.path.replace(/[^/]*$/, path.split('/').at(-1) ?? '')),
    );
    const sandbox = new Sandbox(GOLDEN_MASTER);
    sandbox.env.FAMFS_DEV = goldenImage(name, sandbox.folder);
    const listed = new Map((await sandbox.entries()).map((entry) => [entry.path, entry]));
    assert.equal(listed.size, entries.length);
    for (const { path, size, mode } of entries) {
      const found = listed.get(path);
      assert.deepEqual([found?.size ?? 0, found?.mode], [size, `0${mode.toString(8)}`], path);
    }
    const { files } = await sandbox.json<{ files: ShownFile[] }>(['showfmap', '--all']);
    for (const { path, chunkSize, extents } of files) {
      const entry = entries.find((one) => one.path === path);
      const shown = extents.map(({ deviceOffset: offset, length }) => ({ offset, length }));
      assert.deepEqual([shown, chunkSize ?? 0], [entry?.extents, entry?.chunk]);
    }
  });
}

interface ShownFile {
  readonly path: string;
  readonly chunkSize?: number | null;
  readonly extents: readonly { readonly deviceOffset: number; readonly length: number }[];
}
