import assert from 'node:assert/strict';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { encodeBlock, IMAGE_FIRST_LINE, type ImageBlock } from '../../src/format/metadataImage.js';
import { superblockStruct } from '../../src/format/superblock.js';
import { crc32 } from '../../src/native/device.js';
import { STEPS, stopAfter } from '../fs/rewrite/stopped.js';
import { Head } from '../support/head.js';
import { overwrite, PoolSandbox } from '../support/pool.js';
import { Random } from '../support/random.js';
import { firstBytes, MIB, OTHER_UUID, OWN_UUID } from '../support/sandbox.js';

interface Restored {
  readonly written: boolean;
  readonly undo: string | null;
  readonly daxdevs: readonly { path: string; bytes: number }[];
}

const META = 12 * MIB;
const ONTO = ['restore', 'pool.fmd', '--onto', '--force'];

/** A pool with a file on both daxdevs, its metadata image, and files made since. */
async function pool(): Promise<{ box: PoolSandbox; paths: string[]; saved: Buffer[] }> {
  const box = new PoolSandbox();
  const paths = await box.makePool(32, 16);
  await box.ok(['creat', '-s', '5M', '--stripes', '2', '--seed', '1', 'kept']);
  const saved = paths.map((path) => readFileSync(path));
  await box.ok(['dump', '-o', 'pool.fmd']);
  await box.ok(['creat', '-s', '2M', '--daxdevs', '0', 'since']);
  await box.ok(['rm', '--clients-unmounted', 'kept']);
  return { box, paths, saved };
}

const assertSaved = (paths: readonly string[], saved: readonly Buffer[]) => {
  for (const [i, path] of paths.entries()) {
    const end = i === 0 ? 10 * MIB : 2 * MIB;
    assert.ok(firstBytes(path, end).equals((saved[i] as Buffer).subarray(0, end)), path);
  }
};

test('--onto brings back the metadata that was saved, and undo what was there', async () => {
  const { box, paths, saved } = await pool();
  const before = paths.map((path) => new Head(path, META));
  const dry = await box.json<Restored>(['restore', 'pool.fmd', '--onto', '-n']);
  assert.deepEqual([dry.written, dry.undo], [false, null]);
  assert.ok((dry.daxdevs[0]?.bytes ?? 0) > 0);
  assert.ok(before.every((head) => head.isUnchanged()));
  const { written, undo, daxdevs } = await box.json<Restored>([...ONTO, '--undo', 'back']);
  assert.deepEqual([written, undo, daxdevs.map(({ path }) => path)], [true, join(box.folder, 'back'), paths]);
  assertSaved(paths, saved);
  // nothing else was given the space of the file
  await box.ok(['verify', '-S', '1', 'kept']);
  assert.equal((await box.fsck('-n')).errors, 0);
  const again = await box.json<Restored>(ONTO);
  assert.deepEqual([again.written, again.undo, again.daxdevs.map(({ bytes }) => bytes)], [false, null, [0, 0]]);
  await box.ok(['undo', 'back']);
  assert.ok(before.every((head) => head.isUnchanged()));
});

test('--onto refuses what no undo could bring back', { skip: process.env.FAMFS_TEST_LONG === undefined }, async (t) => {
  const box = new PoolSandbox();
  const [path] = box.images(1024) as [string];
  await box.ok(['mkfs', '--loglen', '512M', path]);
  await box.ok(['dump', '--dev', path, '-o', 'empty.fmd']);
  const noise = new Random(t).bytes(MIB);
  for (let at = 3; at < 303; at++) overwrite(path, at * MIB, noise);
  const argv = ['restore', 'empty.fmd', '--dev', path, '--onto', '--force', '--undo', 'back'];
  const { code, message } = await box.error(argv);
  assert.equal(code, 'UNDO_FILE');
  assert.match(message, /over 512 MiB/);
  assert.deepEqual(firstBytes(path, 4 * MIB).subarray(3 * MIB), noise);
  assert.ok(!existsSync(join(box.folder, 'back')));
});

test('lost superblocks are brought back to the devices that the user names', async () => {
  const { box, paths, saved } = await pool();
  const [primary = '', second = ''] = paths;
  for (const path of paths) overwrite(path, 0, Buffer.alloc(superblockStruct.size));
  const named = ['--dev', primary, '--dev', second];
  assert.equal((await box.error(ONTO)).code, 'MISSING_DAXDEV');
  box.becomeHost(OTHER_UUID);
  assert.equal((await box.error([...ONTO, ...named])).code, 'NOT_MASTER');
  box.becomeHost(OWN_UUID);
  await box.ok([...ONTO, '--no-undo', ...named]);
  assertSaved(paths, saved);
  // of two devices of one size, nobody knows which it was
  overwrite(second, 0, Buffer.alloc(superblockStruct.size));
  const other = box.image('other', 16 * MIB);
  assert.equal((await box.error([...ONTO, ...named, '--dev', other])).code, 'MISSING_DAXDEV');
});

test('a restoring that was stopped can be repeated, or undone', async () => {
  const { box, paths, saved } = await pool();
  const named = paths.flatMap((path) => ['--dev', path]);
  const before = paths.map((path) => new Head(path, META));
  for (const step of [1, 2, 3]) {
    const undo = `undo${step}`;
    const { exitCode } = await stopAfter(box, step, [...ONTO, ...named, '--undo', undo]);
    assert.notEqual(exitCode, 0);
    assert.notEqual((await box.run(['ls', ...named])).exitCode, 0, 'no superblock is valid');
    await box.ok(['undo', undo]);
    assert.ok(
      before.every((head) => head.isUnchanged()),
      `step ${step}`,
    );
  }
  await stopAfter(box, STEPS.journal, [...ONTO, ...named, '--no-undo']);
  await box.ok([...ONTO, ...named, '--no-undo']);
  assertSaved(paths, saved);
});

test('--onto refuses other devices, other hosts, and daxdevs in use', async () => {
  const { box, paths } = await pool();
  const [primary = '', second = ''] = paths;
  const before = paths.map((path) => new Head(path, META));
  const codeOf = async (...argv: string[]) => (await box.error([...ONTO, ...argv])).code;
  assert.equal((await box.error(['restore', 'pool.fmd', '--onto'])).code, 'USAGE');
  mkdirSync(join(box.folder, 'elsewhere'));
  const stranger = box.image('elsewhere/stranger.img', 32 * MIB);
  await box.ok(['mkfs', stranger]);
  const theirs = new Head(stranger, META);
  assert.equal(await codeOf('--dev', primary, '--dev', stranger), 'RESTORE_TARGET');
  assert.equal(await codeOf('--dev', stranger), 'RESTORE_TARGET');
  box.becomeHost(OTHER_UUID);
  assert.equal(await codeOf(), 'NOT_MASTER');
  box.becomeHost(OWN_UUID);
  const maps = join(box.env.FAMFS_SYSROOT as string, 'proc/77/maps');
  mkdirSync(dirname(maps), { recursive: true });
  writeFileSync(maps, `7f00-7f80 rw-s 00000000 00:63 1                        ${second}\n`);
  assert.equal(await codeOf(), 'MAPPED');
  rmSync(maps);
  rmSync(second);
  assert.equal(await codeOf(), 'MISSING_DAXDEV');
  assert.ok(theirs.isUnchanged() && before[0]?.isUnchanged());
});

test('--to replaces nothing without --force, and never what is no regular file', async () => {
  const { box } = await pool();
  const to = join(box.folder, 'to');
  mkdirSync(to);
  const precious = join(box.folder, 'precious');
  writeFileSync(precious, 'precious');
  const argv = ['restore', 'pool.fmd', '--to', to];
  for (const make of [
    writeFileSync.bind(undefined, join(to, 'daxdev-1.img'), 'mine'),
    () => linkSync(precious, join(to, 'daxdev-1.img')),
  ]) {
    make();
    assert.equal((await box.error(argv)).code, 'EXISTS');
    assert.deepEqual(readdirSync(to), ['daxdev-1.img']);
    await box.ok([...argv, '--force']);
    rmSync(to, { recursive: true });
    mkdirSync(to);
  }
  symlinkSync(precious, join(to, 'daxdev-0.img'));
  assert.equal((await box.error([...argv, '--force'])).code, 'IN_THE_WAY');
  assert.equal(readFileSync(precious, 'utf8'), 'precious');
  assert.equal((await box.error(['restore', 'pool.fmd', '--to', precious])).code, 'CANNOT_WRITE');
  for (const wrong of [
    [],
    ['--to', 'x', '--onto'],
    ['--to', 'x', '--undo', 'u'],
    ['--onto', '-n', '--undo', 'u', '--no-undo'],
  ])
    assert.equal((await box.error(['restore', 'pool.fmd', ...wrong])).code, 'USAGE', wrong.join(' '));
});

type Made = Partial<ImageBlock> & { readonly bytes?: Buffer; readonly packedBytes?: Buffer };

/** A block with right checksums, whatever is in it. */
function block({ bytes = Buffer.alloc(0), packedBytes = deflateSync(bytes), ...fields }: Made): Buffer {
  const known = {
    kind: 1,
    daxdev: 0,
    deviceOffset: 0,
    length: bytes.length,
    packed: packedBytes.length,
    packedCrc: crc32(packedBytes),
  };
  return Buffer.concat([encodeBlock({ ...known, ...fields }, crc32), packedBytes]);
}

const description = (value: unknown) => block({ kind: 0, bytes: Buffer.from(JSON.stringify(value)) });
const one = description({ scrambled: false, daxdevs: [{ size: 32 * MIB }] });
const end = (count: number) => block({ kind: 2, deviceOffset: count });
const some = block({ bytes: Buffer.from('some') });

/** Images that nothing is made of, by why. */
const HOSTILE: Readonly<Record<string, readonly Buffer[]>> = {
  'no description': [some, end(1)],
  'a description that is no object': [description(null), end(1)],
  'no daxdevs': [description({ scrambled: false, daxdevs: [] }), end(1)],
  'too many daxdevs': [description({ scrambled: false, daxdevs: Array(257).fill({ size: 1 }) }), end(1)],
  'a size that is no number': [description({ scrambled: false, daxdevs: [{ size: '1' }] }), end(1)],
  'a negative size': [description({ scrambled: false, daxdevs: [{ size: -1 }] }), end(1)],
  'no end': [one, some],
  'another number of blocks': [one, some, end(3)],
  'bytes after the end': [one, end(1), some],
  'a daxdev that is not described': [one, block({ daxdev: 1, bytes: Buffer.from('x') }), end(2)],
  'bytes beyond the end of the daxdev': [one, block({ deviceOffset: 32 * MIB - 1, bytes: Buffer.from('xx') }), end(2)],
  'an offset that overflows': [one, block({ deviceOffset: Number.MAX_SAFE_INTEGER, bytes: Buffer.from('xx') }), end(2)],
  'blocks that overlap': [one, some, block({ deviceOffset: 3, bytes: Buffer.from('x') }), end(3)],
  'an empty block': [one, block({}), end(2)],
  'a second description': [one, one, end(2)],
  'an unknown kind': [one, block({ kind: 9, bytes: Buffer.from('x') }), end(2)],
  'a block that is longer unpacked': [one, block({ length: 1, bytes: Buffer.alloc(MIB) }), end(2)],
  'a block of more than 1 MiB': [one, block({ bytes: Buffer.alloc(MIB + 1) }), end(2)],
  'a length that is not there': [one, block({ packed: 2 ** 20 }), end(2)],
  'a huge length': [one, block({ packed: Number.MAX_SAFE_INTEGER }), end(2)],
  'bytes that are no deflate': [one, block({ length: 4, packedBytes: Buffer.from('junk') }), end(2)],
  'a wrong checksum': [one, block({ bytes: Buffer.from('x'), packedCrc: 1 }), end(2)],
};

test('a hostile or damaged image is refused before anything is made', async (t) => {
  const { box } = await pool();
  const first = Buffer.from(IMAGE_FIRST_LINE);
  const image = join(box.folder, 'hostile.fmd');
  const refused = async (what: string, bytes: Buffer) => {
    writeFileSync(image, bytes);
    for (const argv of [
      ['--to', 'made'],
      ['--onto', '--force'],
    ])
      assert.equal((await box.error(['restore', image, ...argv])).code, 'METADATA_IMAGE', what);
    assert.ok(!existsSync(join(box.folder, 'made')), what);
  };
  for (const [what, blocks] of Object.entries(HOSTILE)) await refused(what, Buffer.concat([first, ...blocks]));
  await refused('another version', Buffer.concat([Buffer.from('famfs metadata image 2\n'), one, end(1)]));
  await refused('empty', Buffer.alloc(0));
  const sound = readFileSync(join(box.folder, 'pool.fmd'));
  const last = Buffer.from(sound);
  last[last.length - 1]! ^= 1;
  await refused('its last bit', last);
  const random = new Random(t);
  for (let i = 0; i < 10; i++) {
    const cut = sound.subarray(0, random.below(sound.length));
    await refused(`${cut.length} bytes of it`, cut);
    const flipped = Buffer.from(sound);
    const at = random.below(sound.length);
    flipped[at]! ^= 1 << random.below(8);
    await refused(`a bit of byte ${at}`, flipped);
  }
  assert.equal((await box.error(['restore', box.folder, '--to', 'made'])).code, 'METADATA_IMAGE');
});

test('an image cannot write to the data of files', async () => {
  const { box, paths } = await pool();
  const before = paths.map((path) => new Head(path, 32 * MIB));
  const superblock = firstBytes(paths[0] as string, superblockStruct.size);
  const bytes = Buffer.concat([
    Buffer.from(IMAGE_FIRST_LINE),
    one,
    block({ bytes: superblock }),
    block({ deviceOffset: 20 * MIB, bytes: Buffer.from('mine') }),
    end(3),
  ]);
  writeFileSync(join(box.folder, 'data.fmd'), bytes);
  const { code, message } = await box.error(['restore', 'data.fmd', '--onto', '--force']);
  assert.equal(code, 'METADATA_IMAGE', message);
  // nor can an image of a damaged superblock be put back
  const damaged = Buffer.from(superblock);
  damaged[50]! ^= 1;
  writeFileSync(
    join(box.folder, 'damaged.fmd'),
    Buffer.concat([Buffer.from(IMAGE_FIRST_LINE), one, block({ bytes: damaged }), end(2)]),
  );
  assert.equal((await box.error(['restore', 'damaged.fmd', '--onto', '--force'])).code, 'METADATA_IMAGE');
  assert.ok(before[0]?.isUnchanged());
});
