/** Undo images: only the daxdev that was repaired is written to, only its superblock and log, and only from a whole image. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { viewOf } from '../../../src/format/struct.js';
import { superblockStruct } from '../../../src/format/superblock.js';
import {
  encodeLastLine,
  encodeRecord,
  FIRST_LINE,
  MOST_RECORDS,
  type UndoRecord,
} from '../../../src/fs/fsck/undo/undoRecord.js';
import { FAMFS } from '../../support/famfs.js';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { Head } from '../../support/head.js';
import { pokeHeader, pokeSuperblock } from '../../support/patch.js';
import { overwrite, PoolSandbox } from '../../support/pool.js';
import { firstBytes, GIB, MIB, Sandbox } from '../../support/sandbox.js';
import { OTHER_UUID } from './damages/damage.js';

const HEAD = 12 * MIB;
const LONG = process.env.FAMFS_TEST_LONG === '1';
const sandbox = new Sandbox(GOLDEN_MASTER);
const undo = join(sandbox.folder, 'repair.undo');

/** A repaired golden image, and the undo image of the repair. */
async function repaired(
  damage: (image: Buffer) => unknown = (i) => pokeHeader(i, 'nextSequence', 14),
): Promise<string> {
  const image = goldenImage('g2', sandbox.folder, damage as (image: Buffer) => void);
  rmSync(undo, { force: true });
  assert.equal((await sandbox.run(['fsck', '-y', '--undo', undo, image])).exitCode, 1);
  return image;
}

async function refusal(argv: readonly string[], code: string): Promise<string> {
  const error = await sandbox.error(['undo', ...argv]);
  assert.deepEqual([error.code, error.exitCode], [code, 1]);
  return `${error.message}; ${error.hint ?? ''}`;
}

/** An undo that is refused and leaves the image as it is. */
async function refused(argv: readonly string[], code: string, image: string): Promise<string> {
  const before = new Head(image, HEAD);
  const message = await refusal(argv, code);
  assert.ok(before.isUnchanged(), `${code}, but it wrote`);
  return message;
}

const UUID = '01234567-89ab-4cde-8f01-23456789abcd';
const record = (device: string, change: Partial<UndoRecord> = {}): UndoRecord => ({
  device,
  fsUuid: UUID,
  deviceUuid: UUID,
  systemUuid: GOLDEN_MASTER,
  role: 'primary',
  offset: 0x200000,
  why: 'test',
  before: Buffer.alloc(8, 1),
  after: Buffer.alloc(8, 0),
  ...change,
});

function writeImage(...records: UndoRecord[]): void {
  writeRecords(records);
}

function writeRecords(records: readonly UndoRecord[]): void {
  writeFileSync(
    undo,
    Buffer.concat([Buffer.from(FIRST_LINE), ...records.map(encodeRecord), Buffer.from(encodeLastLine(records.length))]),
  );
}

test('a file that is not the famfs of the undo image is left alone, with --force too', async () => {
  const victim = join(sandbox.folder, 'victim');
  writeFileSync(victim, Buffer.alloc(4 * MIB));
  writeImage(record(victim));
  for (const force of [[], ['--force']])
    assert.match(
      await refused([...force, undo], 'UNDO_TARGET', victim),
      /is not daxdev 01234567.*of file system 01234567/,
    );
  // nor a famfs with other uuids
  const other = goldenImage('g1', sandbox.folder);
  writeImage(record(other));
  for (const force of [[], ['--force']]) await refused([...force, undo], 'UNDO_TARGET', other);
  // nor what is named in its place
  await repaired();
  await refused([undo, victim], 'UNDO_TARGET', victim);
  await refused([undo, other], 'UNDO_TARGET', other);
});

test('a file that only pretends to be about to get its uuids is left alone', async () => {
  const victim = join(sandbox.folder, 'victim');
  writeFileSync(victim, Buffer.alloc(4 * MIB, 'text'));
  const superblock = firstBytes(goldenImage('g1', sandbox.folder), 200);
  // the image has not what the file holds
  const { fsUuid, deviceUuid } = superblockStruct.read(viewOf(superblock), 0);
  const known = { fsUuid, deviceUuid, offset: 0, before: Buffer.alloc(200, 1) };
  writeImage(record(victim, { ...known, after: superblock }));
  await refused(['--force', undo], 'UNDO_TARGET', victim);
});

test('offsets beyond superblock and log are refused, of a primary and of a secondary', async () => {
  const image = await repaired();
  const { fsUuid, deviceUuid } = JSON.parse(readFileSync(undo, 'latin1').split('\n')[1] as string);
  for (const offset of [10 * MIB, 10 * MIB - 4, 3 * GIB]) {
    writeImage(record(image, { fsUuid, deviceUuid, offset }));
    assert.match(await refused(['--force', undo], 'UNDO_TARGET', image), /has no superblock or log at/);
  }
  writeImage(record(image, { fsUuid, deviceUuid, offset: 10 * MIB - 8 }));
  await sandbox.ok(['undo', '-n', '--force', undo]);

  const box = new PoolSandbox();
  const [, secondary = ''] = await box.makePool(64, 64);
  box.damage(secondary, 'flags', 7);
  assert.equal((await box.run(['fsck', '-p', '--undo', 'u', '--dev', box.env.FAMFS_DEV as string])).exitCode, 1);
  const known = JSON.parse(readFileSync(box.path('u'), 'latin1').split('\n')[1] as string);
  const bytes = encodeRecord({ ...known, offset: 0x200000, before: Buffer.alloc(8), after: Buffer.alloc(8) });
  writeFileSync(box.path('v'), Buffer.concat([Buffer.from(FIRST_LINE), bytes, Buffer.from(encodeLastLine(1))]));
  assert.equal((await box.error(['undo', '--force', 'v'])).code, 'UNDO_TARGET');
});

test('garbage and incomplete images are refused', async () => {
  const image = await repaired();
  const whole = readFileSync(undo);
  const damages: readonly [string, Buffer, RegExp][] = [
    ['nothing', Buffer.alloc(0), /has no complete record/],
    ['a text', Buffer.from('hello\n'), /is not an undo image/],
    ['an older image', Buffer.from('famfs undo image 1\n'), /is not an undo image of this version/],
    ['its first line alone', whole.subarray(0, FIRST_LINE.length), /has no complete record/],
    ['half a record', whole.subarray(0, FIRST_LINE.length + 150), /has no complete record/],
    ['records without the last line', whole.subarray(0, whole.length - 14), /is incomplete: .*--interrupted/],
    ['garbage after the first line', Buffer.concat([Buffer.from(FIRST_LINE), Buffer.alloc(9999, 7)]), /is damaged/],
    ['garbage after the first line, with lines', Buffer.from(`${FIRST_LINE}x\ny\n`), /is damaged/],
    ['something after its end', Buffer.concat([whole, Buffer.from('x')]), /is damaged/],
    [
      'a wrong number of records',
      Buffer.from(whole.toString('latin1').replace('{"records":1}', '{"records":2}'), 'latin1'),
      /is damaged/,
    ],
  ];
  for (const [what, bytes, message] of damages) {
    writeFileSync(undo, bytes);
    assert.match(await refused([undo], 'UNDO_FILE', image), message, what);
    if (what !== 'records without the last line') await refused(['--interrupted', undo], 'UNDO_FILE', image);
  }
  // every byte of a record counts
  const before = new Head(image, HEAD);
  for (let at = FIRST_LINE.length; at < whole.length - 14; at += 7) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] as number) ^ 0x20;
    writeFileSync(undo, changed);
    await refusal([undo], 'UNDO_FILE');
  }
  assert.ok(before.isUnchanged());
  writeFileSync(undo, whole.subarray(0, whole.length - 14));
  await sandbox.ok(['undo', '--interrupted', undo]);
});

test('records with paths, offsets or lengths that cannot be are refused', async () => {
  const image = await repaired();
  const rows: readonly Partial<Record<keyof UndoRecord, unknown>>[] = [
    { device: 'g2.img' },
    { device: `${image}\0x` },
    { device: '' },
    { device: 5 },
    { offset: -1 },
    { offset: 1.5 },
    { offset: 2 ** 60 },
    { role: 'both' },
    { fsUuid: undefined },
    { before: Buffer.alloc(0), after: Buffer.alloc(0) },
  ];
  for (const row of rows) {
    writeImage(record(image, row as Partial<UndoRecord>));
    assert.match(await refused([undo], 'UNDO_FILE', image), /is damaged/, JSON.stringify(row));
  }
});

test('what is no regular file, or too large, is one clear error', async () => {
  const image = await repaired();
  const fifo = join(sandbox.folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  assert.match(await refused([fifo], 'UNDO_FILE', image), /it is a FIFO, not a regular file/);
  assert.match(await refused(['/dev/null'], 'UNDO_FILE', image), /it is a device, not a regular file/);
  assert.match(await refused([sandbox.folder], 'UNDO_FILE', image), /EISDIR|it is a directory/);
  const large = sandbox.image('large', 3 * GIB);
  assert.match(await refused([large], 'UNDO_FILE', image), /it has 3221225472 bytes, more than/);
  assert.match(await refused(['nosuch'], 'UNDO_FILE', image), /ENOENT/);
});

test('an image of more records than fsck writes is refused before they fill the memory', async () => {
  const image = await repaired();
  const { fsUuid, deviceUuid } = JSON.parse(readFileSync(undo, 'latin1').split('\n')[1] as string);
  const one = encodeRecord(record(image, { fsUuid, deviceUuid }));
  const many = (count: number) => Buffer.alloc(count * one.length, one);
  writeFileSync(undo, Buffer.concat([Buffer.from(FIRST_LINE), many(MOST_RECORDS + 1)]));
  assert.match(await refused(['--interrupted', '--force', undo], 'UNDO_FILE', image), /has more than 131072 records/);
});

test('an image of as many as that, none beside another, is undone in little memory', { skip: !LONG }, async () => {
  const image = await repaired();
  const { fsUuid, deviceUuid } = JSON.parse(readFileSync(undo, 'latin1').split('\n')[1] as string);
  const one = (i: number) =>
    record(image, { fsUuid, deviceUuid, offset: 2 * MIB + 16 * i, before: Buffer.alloc(1, 7), after: Buffer.alloc(1) });
  writeRecords(Array.from({ length: MOST_RECORDS }, (_, i) => one(i)));
  const argv = ['--max-old-space-size=128', FAMFS, 'undo', '-n', '--force', undo];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    encoding: 'utf8',
    env: sandbox.env,
    maxBuffer: 2 ** 26,
  });
  assert.equal(status, 0, stderr);
  const [, changed, same] = /: (\d+) writes \(\d+ bytes\) would be restored, (\d+) already/.exec(stdout) ?? [];
  assert.equal(Number(changed) + Number(same), MOST_RECORDS);
});

test('a relative name starts at the working directory, and so does one that --undo makes', async () => {
  const image = goldenImage('g9', sandbox.folder);
  const before = new Head(image, HEAD);
  assert.equal((await sandbox.run(['fsck', '-p', '--undo', './relative', image])).exitCode, 1);
  assert.ok(existsSync(join(sandbox.folder, 'relative')));
  await sandbox.ok(['undo', 'relative']);
  assert.ok(before.isUnchanged());
});

test('undo -n shows each write, and writes nothing', async () => {
  const image = await repaired((i) => [pokeHeader(i, 'crc', 1, false), pokeSuperblock(i, 'flags', 0x80)]);
  const before = new Head(image, HEAD);
  const text = await sandbox.ok(['undo', '-n', undo]);
  assert.match(text, /^\S+g2\.img: would restore 48 bytes at 0x200000 \(log header, next index 13\)$/m);
  assert.match(text, /^\S+g2\.img: would restore 4 bytes at 0x68 \(superblock\.flags\)$/m);
  assert.match(text, /^\S+g2\.img: 2 writes \(52 bytes\) would be restored, 0 already as before$/m);
  assert.ok(before.isUnchanged());
  type Document = { written: boolean; restored: number; writes: { deviceOffset: number; length: number }[] };
  const { written, restored, writes } = await sandbox.json<Document>(['undo', '-n', undo]);
  assert.deepEqual(
    [written, restored, writes.map(({ deviceOffset, length }) => [deviceOffset, length])],
    [
      false,
      2,
      [
        [0x200000, 48],
        [104, 4],
      ],
    ],
  );
});

test('an image that was moved is restored where it is now, and a superblock that the repair rebuilt', async () => {
  const image = await repaired((i) => pokeSuperblock(i, 'allocationUnit', 8192));
  const moved = join(sandbox.folder, 'moved.img');
  renameSync(image, moved);
  assert.equal((await sandbox.error(['undo', undo])).code, 'DEVICE_OPEN');
  await sandbox.ok(['undo', undo, moved]);
  assert.equal(firstBytes(moved, 200).readBigUInt64LE(32), 8192n);
  // once more: nothing is left to do
  assert.match(await sandbox.ok(['undo', undo, moved]), /: 0 writes \(0 bytes\) restored, \d+ already as before/);
});

test('a superblock that was lost is lost again after the undo, which can be repeated', async () => {
  const image = goldenImage('g2', sandbox.folder, (i) => i.fill(0, 0, 4096));
  rmSync(undo, { force: true });
  assert.equal((await sandbox.run(['fsck', '-y', '--master-here', '--undo', undo, image])).exitCode, 1);
  await sandbox.ok(['undo', undo]);
  assert.ok(firstBytes(image, 4096).every((byte) => byte === 0));
  await sandbox.ok(['undo', undo]);
  // another famfs is there now
  await sandbox.ok(['mkfs', '--force', '--quiet', image]);
  await refused(['--force', undo], 'UNDO_TARGET', image);
});

test('a Client restores nothing, whatever the superblock says', async () => {
  const image = await repaired((i) => pokeSuperblock(i, 'flags', 0x80));
  sandbox.becomeHost(OTHER_UUID);
  try {
    await refused([undo], 'NOT_MASTER', image);
    // a damaged superblock names nobody for certain: the undo image does
    overwrite(image, 80, Buffer.from(OTHER_UUID.replaceAll('-', ''), 'hex'));
    await refused([undo], 'NOT_MASTER', image);
  } finally {
    sandbox.becomeHost(GOLDEN_MASTER);
  }
});

/** Runs famfs as a process that cannot write files of more than so many KiB. */
function runLimited(kib: number, ...argv: string[]): string {
  const script = `trap '' XFSZ; ulimit -f ${kib}; exec "$0" "$@" 2>&1; true`;
  const { stdout } = spawnSync('bash', ['-c', script, process.execPath, FAMFS, ...argv], {
    env: { ...process.env, ...sandbox.env },
    encoding: 'utf8',
  });
  return stdout;
}

test('a run that fails leaves no undo image that would make the next one fail', () => {
  const name = join(sandbox.folder, 'retry.undo');
  for (const [kib, message] of [
    [0, /cannot make the undo image/],
    [1, /cannot write the undo image/],
  ] as const) {
    // each record has the name: the first line fits into 1 KiB, the two records do not
    const image = join(sandbox.folder, 'n'.repeat(100));
    renameSync(
      goldenImage('g2', sandbox.folder, (i) => i.fill(0, 0, 4096)),
      image,
    );
    const before = new Head(image, HEAD);
    const argv = ['fsck', '-y', '--master-here', '--undo', name, image];
    assert.match(runLimited(kib, ...argv), message);
    assert.ok(!existsSync(name), `${kib} KiB: an undo image was left`);
    assert.ok(before.isUnchanged());
    assert.match(runLimited(1_000_000, ...argv), /repaired, clean/);
    rmSync(name);
  }
});

test('--undo overwrites nothing but what is of no use', async () => {
  const whole = readFileSync(await repaired().then(() => undo));
  const kept: readonly [string, Buffer][] = [
    ['a text', Buffer.from('important\n')],
    ['an undo image', whole],
    ['an undo image that is cut short', whole.subarray(0, whole.length - 14)],
    ['an undo image with a damaged record', Buffer.concat([Buffer.from(FIRST_LINE), Buffer.from('x\n'), whole])],
  ];
  for (const [what, bytes] of kept) {
    writeFileSync(undo, bytes);
    const image = goldenImage('g9', sandbox.folder);
    const { code, exitCode } = await sandbox.error(['fsck', '-p', '--undo', undo, image]);
    assert.deepEqual([code, exitCode], ['UNDO_FILE', 8], what);
    assert.ok(readFileSync(undo).equals(bytes), what);
    assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 4, what);
  }
  for (const bytes of [Buffer.alloc(0), whole.subarray(0, 5), whole.subarray(0, FIRST_LINE.length + 40)]) {
    writeFileSync(undo, bytes);
    const image = goldenImage('g9', sandbox.folder);
    assert.equal((await sandbox.run(['fsck', '-p', '--undo', undo, image])).exitCode, 1, `${bytes.length} bytes`);
    await sandbox.ok(['undo', undo]);
  }
});

test('a copy of an image is not what was repaired, but may be named', async () => {
  const image = await repaired();
  const copy = join(sandbox.folder, 'copy.img');
  // not copyFileSync, which copies the holes too: 4 GiB of zeros
  execFileSync('cp', ['--sparse=always', image, copy]);
  truncateSync(copy, 4 * GIB);
  await sandbox.ok(['undo', undo, copy]);
  assert.equal((await sandbox.run(['fsck', '-n', copy])).exitCode, 4);
  assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0);
});

test('a folder that cannot be made for undo images is one error, and fsck ends', () => {
  const image = sandbox.image('boot.img', 64 * MIB);
  // /proc answers ENOENT to mkdir, although the parent exists
  const env = { ...process.env, ...sandbox.env, FAMFS_SYSTEM_UUID_FILE: '/proc/sys/kernel/random/boot_id' };
  const run = (...argv: string[]) =>
    spawnSync(process.execPath, [FAMFS, ...argv], { env, encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' });
  assert.equal(run('mkfs', image).status, 0);
  const head = firstBytes(image, HEAD);
  pokeHeader(head, 'nextSequence', 14);
  overwrite(image, 0, head);
  const before = new Head(image, HEAD);
  const { status, stderr } = run('fsck', '-y', image);
  assert.equal(status, 8, stderr);
  assert.match(stderr, /cannot make the undo image \/proc\/sys\/kernel\/random\/undo\/.*ENOENT/);
  assert.match(stderr, /--no-undo/);
  assert.ok(before.isUnchanged(), 'repaired without an undo image');
});

test('sixty thousand records, over and beside each other, are restored as the writes were, in little time', async () => {
  const image = await repaired();
  const known = JSON.parse(readFileSync(undo, 'latin1').split('\n')[1] as string);
  await sandbox.ok(['undo', undo]);
  const before = firstBytes(image, HEAD);
  const now = Buffer.from(before);
  const from = 8 * MIB;
  const bytes: Buffer[] = [Buffer.from(FIRST_LINE)];
  const COUNT = 60_000;
  for (let i = 0; i < COUNT; i++) {
    // every third again over what was written before
    const offset = from + (i % 3 === 2 ? (i % 999) * 8 : i * 12);
    const after = Buffer.alloc(12, i % 251);
    bytes.push(encodeRecord({ ...known, offset, before: Buffer.from(now.subarray(offset, offset + 12)), after }));
    after.copy(now, offset);
  }
  bytes.push(Buffer.from(encodeLastLine(COUNT)));
  writeFileSync(undo, Buffer.concat(bytes));
  overwrite(image, from, now.subarray(from));
  const run = (...argv: string[]) =>
    spawnSync(process.execPath, [FAMFS, 'undo', ...argv], {
      env: { ...process.env, ...sandbox.env },
      encoding: 'utf8',
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
  assert.match(run(undo).stdout, /[0-9]{5,} writes \([0-9]+ bytes\) restored/);
  assert.ok(firstBytes(image, HEAD).equals(before));
  // one word that no write left or found
  now[from + 12 * 50_001] = 0xee;
  overwrite(image, from, now.subarray(from));
  assert.match(run(undo).stderr, /was changed at [89][0-9]{6} after the repair/);
  assert.ok(firstBytes(image, HEAD).equals(now));
});

test('an image that names one daxdev by several paths, or more daxdevs than a pool has, is refused', async () => {
  const image = await repaired();
  const { fsUuid, deviceUuid } = JSON.parse(readFileSync(undo, 'latin1').split('\n')[1] as string);
  const paths = [image, image.replace('/g2', '/./g2')];
  writeImage(...paths.map((path) => record(path, { fsUuid, deviceUuid })));
  // in a process of its own: waiting for its own lock would block this one
  const { stderr } = spawnSync(process.execPath, [FAMFS, 'undo', '--force', undo], {
    env: { ...process.env, ...sandbox.env },
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  assert.match(stderr, /names the same daxdev twice/);
  writeImage(...Array.from({ length: 65 }, (_, i) => record(`${image}${i}`)));
  assert.match(await refused([undo], 'UNDO_FILE', image), /is for 65 daxdevs, but a pool has at most 64/);
  assert.match(await refused([undo, image], 'UNDO_FILE', image), /is for 65 daxdevs/);
});

test('a record whose line is longer than any path is damage', async () => {
  const image = await repaired();
  writeImage(record(image, { why: 'x'.repeat(70_000) }));
  assert.match(await refused([undo], 'UNDO_FILE', image), /is damaged/);
});
