import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { extentStruct, fileStruct } from '../../src/format/entries/fileStruct.js';
import { mkdirStruct } from '../../src/format/entries/mkdir.js';
import { logEntryStruct, PAYLOAD_OFFSET } from '../../src/format/logEntry.js';
import { logHeaderStruct } from '../../src/format/logHeader.js';
import type { AnyStruct } from '../../src/format/rawFields.js';
import { superblockStruct } from '../../src/format/superblock.js';
import type { Damage } from '../fs/fsck/damages/damage.js';
import { PRIMARY_DAMAGES } from '../fs/fsck/damages/index.js';
import { GOLDEN_MASTER, goldenBytes, goldenImage } from '../support/golden.js';
import { entryOffset, pokeEntry, pokeHeader, pokePayload, pokeSuperblock } from '../support/patch.js';
import { overwrite, PoolSandbox } from '../support/pool.js';
import { Random } from '../support/random.js';
import { MIB, Sandbox } from '../support/sandbox.js';

interface Row {
  readonly path: string;
  readonly record: string;
  readonly slot: number | null;
  readonly deviceOffset: number;
  readonly length: number;
  readonly fields: readonly {
    readonly field: string;
    readonly type: string;
    readonly offset: number;
    readonly length: number;
    readonly raw: string;
    readonly value: string | null;
    readonly meaning: string;
  }[];
  readonly blank: boolean;
  readonly checksum: { readonly stored: string; readonly computed: string; readonly right: boolean };
  readonly findings: readonly { readonly code: string }[];
  readonly hex: string | null;
}

const sandbox = new Sandbox(GOLDEN_MASTER);

async function inspect(home: Sandbox, ...argv: readonly string[]): Promise<Row[]> {
  return (await home.json<{ records: Row[] }>(['inspect', ...argv])).records;
}

async function one(...argv: readonly string[]): Promise<Row> {
  const [row, ...others] = await inspect(sandbox, ...argv);
  assert.deepEqual(others, []);
  return row as Row;
}

const valueIn = (row: Row, field: string) => row.fields.find((one) => one.field === field)?.value;
const codesOf = ({ findings }: Row) => findings.map(({ code }) => code).sort();

/** The fields of a struct that a row must have, at their declared places. */
function declared({ name, fields, offsets }: AnyStruct, base = 0, without: readonly string[] = []): unknown[] {
  return Object.entries(fields)
    .filter(([field]) => !without.includes(field))
    .map(([field, { type, size, doc }]) => [`${name}.${field}`, type, base + (offsets[field] as number), size, doc]);
}

const shapes = (row: Row) => row.fields.map((f) => [f.field, f.type, f.offset, f.length, f.meaning]);

test('every field of each record is where its struct declares it, with the bytes that lie there', async () => {
  const image = goldenImage('g2', sandbox.folder);
  const bytes = goldenBytes('g2');
  const superblock = await one('superblock', '--dev', image);
  assert.deepEqual(shapes(superblock), declared(superblockStruct as never));
  const header = await one('header', '--dev', image);
  assert.deepEqual(shapes(header), declared(logHeaderStruct as never));
  const directory = await one('slot', '0', '--dev', image);
  const file = await one('slot', '12', '--hex', '--dev', image);
  const { sequence, type, padding } = logEntryStruct.offsets;
  assert.deepEqual([sequence, type, padding], [0, 8, 12]);
  const frame = declared(logEntryStruct as never, 0, ['payload']);
  const [crc] = frame.slice(-1);
  assert.deepEqual(shapes(directory), [...frame.slice(0, 3), ...declared(mkdirStruct as never, PAYLOAD_OFFSET), crc]);
  assert.deepEqual(shapes(file).slice(0, -4), [
    ...frame.slice(0, 3),
    ...declared(fileStruct as never, PAYLOAD_OFFSET, ['extents']),
  ]);
  const extents = PAYLOAD_OFFSET + fileStruct.offsets.extents;
  assert.deepEqual(
    shapes(file)
      .slice(-4, -1)
      .map(([name, , at]) => [name, at]),
    ['daxdev', 'deviceOffset', 'length'].map((name) => [
      `extent[0].${name}`,
      extents + extentStruct.offsets[name as 'length'],
    ]),
  );
  for (const row of [superblock, header, directory, file]) {
    assert.deepEqual([row.path, row.checksum.right, row.findings, row.blank], [image, true, [], false]);
    for (const { offset, length, raw } of row.fields) {
      const at = row.deviceOffset + offset;
      assert.equal(raw, bytes.subarray(at, at + length).toString('hex'));
    }
  }
  assert.equal(file.hex, bytes.subarray(entryOffset(12), entryOffset(13)).toString('hex'));
  assert.deepEqual([file.slot, superblock.hex], [12, null]);
  assert.match(valueIn(superblock, 'superblock.fsUuid') as string, /^[0-9a-f-]{36}$/);
  assert.equal(valueIn(file, 'log_entry.sequence'), '12');
});

test('damage is shown, never refused', async () => {
  const image = goldenImage('g2', sandbox.folder, (bytes) => {
    pokeSuperblock(bytes, 'magic', 1, false);
    pokeSuperblock(bytes, 'deviceSize', 2n ** 63n, false);
    pokeHeader(bytes, 'magic', 2n ** 64n - 1n, false);
    pokeEntry(bytes, 3, 'type', 77, false);
    pokePayload(bytes, 12, 'file', 'extentCount', 99);
    pokeEntry(bytes, 4, 'sequence', 99);
  });
  const superblock = await one('superblock', '--dev', image);
  assert.equal(superblock.checksum.right, false);
  assert.equal(valueIn(superblock, 'superblock.deviceSize'), '9223372036854775808');
  assert.deepEqual(codesOf(superblock), ['SB_CRC', 'SB_DEVICE_SIZE', 'SB_MAGIC']);
  const header = await one('header', '--dev', image);
  assert.equal(valueIn(header, 'log_header.magic'), '18446744073709551615');
  assert.deepEqual(codesOf(header), ['LOG_CRC', 'LOG_MAGIC']);
  const unknown = await one('slot', '3', '--dev', image);
  assert.deepEqual(
    unknown.fields.map(({ field }) => field),
    Object.keys(logEntryStruct.fields).map((field) => `log_entry.${field}`),
  );
  assert.deepEqual(codesOf(unknown), ['ENTRY_CRC', 'ENTRY_TYPE']);
  const counts = await one('slot', '12', '--dev', image);
  assert.equal(counts.fields.filter(({ field }) => /^extent\[\d+\]\.length$/.test(field)).length, 16);
  assert.deepEqual(codesOf(counts).includes('EXTENT_COUNT'), true);
  assert.deepEqual(codesOf(await one('slot', '4', '--dev', image)), ['ENTRY_SEQUENCE']);
  const blank = await one('slot', '13', '--dev', image);
  assert.deepEqual([blank.blank, codesOf(blank)], [true, ['ENTRY_BLANK']]);
  const text = await sandbox.ok(['inspect', 'superblock', '--hex', '--dev', image]);
  assert.match(text, /^\s+96\s+8\s+superblock\.crc\s+0x[0-9a-f]+\s+\d+\s+CRC-32 of bytes 0\.\.95$/m);
  assert.match(text, /^checksum: wrong: 0x[0-9a-f]+ is stored, the bytes have 0x[0-9a-f]+$/m);
  assert.match(text, /^00000000: 0100 0000/m);
});

test('no damage, and no random bytes, keep a record from being shown', async (t) => {
  const random = new Random(t);
  const damages = PRIMARY_DAMAGES.flatMap(({ damages: fields }) => Object.values(fields).flat() as Damage[]);
  const records = [['superblock'], ['header'], ['slot', '0'], ['slot', '5'], ['slot', '12'], ['defaults'], ['history']];
  const head = 3 * MIB;
  const image = goldenImage('g2', sandbox.folder);
  for (let i = 0; i < 6; i++) {
    const bytes = goldenBytes('g2');
    const [what, , change, { image: of = 'g2' } = {}] = random.pick(damages);
    if (of !== 'g2') continue;
    change(bytes);
    overwrite(image, 0, bytes.subarray(0, head));
    for (const record of records) {
      const { exitCode, stderr } = await sandbox.run(['inspect', ...record, '--json', '--dev', image]);
      assert.equal(exitCode, 0, `${what}: ${record}: ${stderr}`);
    }
  }
  overwrite(image, 0, random.bytes(head));
  for (const record of records) await sandbox.ok(['inspect', ...record, '--hex', '--dev', image]);
});

test('a slot is within the log, as long as that is; without any length, as the device', async () => {
  const image = goldenImage('g1', sandbox.folder);
  const error = await sandbox.error(['inspect', 'slot', '15420', '--dev', image]);
  assert.deepEqual([error.code, error.hint], ['BAD_RANGE', 'give 0 to 15419']);
  await one('slot', '15419', '--dev', image);
  const lost = goldenImage('g1', sandbox.folder, (bytes) => bytes.fill(0, 0, 2 * MIB + 48));
  await one('slot', '15420', '--dev', lost);
  assert.match(
    (await sandbox.error(['inspect', 'slot', '9007199254740991', '--dev', lost])).hint ?? '',
    /the most that the device has room for/,
  );
  const tiny = join(sandbox.folder, 'tiny');
  writeFileSync(tiny, 'x');
  for (const record of [['superblock'], ['header'], ['slot', '0'], ['history'], ['defaults']])
    assert.equal((await sandbox.error(['inspect', ...record, '--dev', tiny])).code, 'BAD_RANGE', record[0]);
});

test('each daxdev has a superblock, and the log is on the primary', async () => {
  const pool = new PoolSandbox();
  const [primary = '', second = ''] = pool.images(32, 16);
  await pool.ok(['mkfs', '--stripes', '2', primary, second]);
  const both = await inspect(pool, 'superblock', '--dev', second, '--dev', primary);
  assert.deepEqual(
    both.map((row) => [row.path, valueIn(row, 'superblock.flags')]),
    [
      [second, '2'],
      [primary, '1'],
    ],
  );
  for (const argv of [['header'], ['slot', '0'], ['defaults'], ['history']])
    assert.equal((await inspect(pool, ...argv, '--dev', second))[0]?.path, primary);
  const [join] = await inspect(pool, 'slot', '0', '--dev', second);
  assert.equal(valueIn(join as Row, 'add_daxdev.daxdev'), '1');
  assert.equal(valueIn((await inspect(pool, 'defaults', '--dev', second))[0] as Row, 'pool_defaults.stripes'), '2');
  overwrite(primary, 0, Buffer.alloc(8));
  assert.equal((await pool.error(['inspect', 'header', '--dev', second])).code, 'NO_PRIMARY');
  assert.equal((await inspect(pool, 'header', '--dev', primary))[0]?.checksum.right, true);
});

test('wrong use', async () => {
  const image = goldenImage('g1', sandbox.folder);
  for (const argv of [[], ['slots'], ['slot'], ['slot', 'x'], ['slot', '-1'], ['header', '1'], ['slot', '1', '2']])
    assert.equal((await sandbox.error(['inspect', ...argv, '--dev', image])).code, 'USAGE', argv.join(' '));
});
