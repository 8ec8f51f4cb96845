/** A damaged file system can be dumped, and fsck finds the same in what is restored of it, with names scrambled too. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { logEntryStruct, PAYLOAD_OFFSET } from '../../../src/format/logEntry.js';
import { IMAGE_FIRST_LINE, imageBlockStruct } from '../../../src/format/metadataImage.js';
import { viewOf } from '../../../src/format/struct.js';
import { GOLDEN_MASTER, goldenImage } from '../../support/golden.js';
import { entryOffset, pokeEntry } from '../../support/patch.js';
import { PoolSandbox } from '../../support/pool.js';
import { Random } from '../../support/random.js';
import { Sandbox } from '../../support/sandbox.js';
import type { Damage } from '../fsck/damages/damage.js';
import { PRIMARY_DAMAGES, SECONDARY_DAMAGES } from '../fsck/damages/index.js';

/** else one in twenty of the damages, at random */
const LONG = process.env.FAMFS_TEST_LONG !== undefined;

interface Verdict {
  readonly exitCode: number;
  /** of fsck, with `path` and `folder` as one text each */
  readonly report: string;
  /** what fsck found, whatever the names are */
  readonly found: unknown;
}

async function verdictOn(sandbox: Sandbox, paths: readonly string[]): Promise<Verdict> {
  const [first = '', ...others] = paths;
  const { exitCode, stdout, stderr } = await sandbox.run([
    'fsck',
    '-n',
    '--json',
    '--dev',
    first,
    ...others.flatMap((path) => ['--dev', path]),
  ]);
  const text = paths.reduce((all, path, i) => all.replaceAll(path, `PATH${i}`), stdout === '' ? stderr : stdout);
  if (stdout === '') return { exitCode, report: text, found: JSON.parse(text).error.code };
  const { errors, warnings, counts, findings, repairs, log } = JSON.parse(text);
  const places = findings.map(({ code, slot, lastSlot, count, daxdev, deviceOffset }: Record<string, unknown>) => [
    code,
    slot,
    lastSlot,
    count,
    daxdev,
    deviceOffset,
  ]);
  const planned = repairs.map(({ id, safety }: Record<string, unknown>) => [id, safety]);
  return { exitCode, report: text, found: { errors, warnings, counts, places, planned, log } };
}

/** Dumps the devices, restores the image, and returns the paths of what was restored and the bytes of all blocks. */
async function copyOf(sandbox: Sandbox, paths: readonly string[], ...options: string[]) {
  const image = join(sandbox.folder, 'image.fmd');
  const to = join(sandbox.folder, 'restored');
  rmSync(to, { recursive: true, force: true });
  await sandbox.json(['dump', '--force', '-o', image, ...options, ...paths]);
  const { daxdevs } = await sandbox.json<{ daxdevs: { path: string }[] }>(['restore', image, '--to', to]);
  return { restored: daxdevs.map(({ path }) => path), content: unpacked(readFileSync(image)) };
}

/** The bytes of all blocks of an image, one after the other. */
function unpacked(image: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = IMAGE_FIRST_LINE.length; at < image.length; ) {
    const { packed } = imageBlockStruct.read(viewOf(image), at);
    const start = at + imageBlockStruct.size;
    at = start + packed;
    blocks.push(inflateSync(image.subarray(start, at)));
  }
  return Buffer.concat(blocks);
}

async function assertSame(sandbox: Sandbox, what: string, paths: readonly string[], names: readonly string[]) {
  const before = await verdictOn(sandbox, paths);
  const plain = await copyOf(sandbox, paths);
  assert.deepEqual(await verdictOn(sandbox, plain.restored), before, what);
  const scrambled = await copyOf(sandbox, paths, '--scramble');
  const after = await verdictOn(sandbox, scrambled.restored);
  assert.deepEqual([after.exitCode, after.found], [before.exitCode, before.found], `scrambled: ${what}`);
  for (const name of names) assert.ok(!scrambled.content.includes(name), `${what}: ${name} is in the image`);
}

test('fsck finds the same in a restored copy of any damaged file system', async (t) => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const random = new Random(t);
  const damages = PRIMARY_DAMAGES.flatMap(({ damages: fields }) => Object.values(fields).flat() as Damage[]);
  const names = ['f4095', 'one_byte', 'exactly_so_that', '/tmp/', '.img'];
  for (const [what, , change, { image = 'g2', size } = {}] of damages) {
    if (!LONG && random.below(20) > 0) continue;
    const path = goldenImage(image, sandbox.folder, change);
    if (size !== undefined) truncateSync(path, size);
    await assertSame(sandbox, what, [path], names);
    rmSync(path);
  }
  for (const name of ['g6', 'g10']) {
    const path = goldenImage(name, sandbox.folder);
    await assertSame(sandbox, name, [path], names);
    rmSync(path);
  }
});

test('what tells torn entries and flipped bits stays in a scrambled copy, and no name does', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const flip = (slot: number, byte: number, bits: number) => (image: Buffer) => {
    image[entryOffset(slot) + byte]! ^= bits;
  };
  const TYPE = logEntryStruct.offsets.type;
  const damages: [string, (image: Buffer) => void, repairs: string[][]][] = [
    ['no CRC', (i) => pokeEntry(i, 12, 'crc', 0, false), [['LOG_COUNT', 'preen']]],
    ['unknown type, wrong CRC', (i) => pokeEntry(i, 12, 'type', 0xffff, false), [['LOG_COUNT', 'ask']]],
    ['a file of unknown type', flip(6, TYPE, 4), [['ENTRY_BITS', 'ask']]],
    ['a file with the type of a directory', flip(6, TYPE, 1), [['ENTRY_BITS', 'ask']]],
    ['a file with the type of a daxdev', flip(6, TYPE, 3), []],
    ['a directory with the type of a daxdev', flip(1, TYPE, 2), [['ENTRY_BITS', 'ask']]],
    ['a directory with the type of a file', flip(1, TYPE, 1), [['ENTRY_BITS', 'ask']]],
  ];
  const names: string[] = [];
  goldenImage('g2', sandbox.folder, (image) => names.push(...[1, 6, 12].flatMap((slot) => namesIn(image, slot))));
  assert.ok(names.length > 2);
  for (const [what, change, repairs] of damages) {
    const path = goldenImage('g2', sandbox.folder, change);
    const { found } = await verdictOn(sandbox, [path]);
    assert.deepEqual((found as { planned: unknown }).planned, repairs, what);
    await assertSame(sandbox, what, [path], names);
  }
  // its names may be anywhere in the payload
  const lost = goldenImage('g2', sandbox.folder, (i) => i.fill(0, entryOffset(1), entryOffset(1) + PAYLOAD_OFFSET));
  const { content } = await copyOf(sandbox, [lost], '--scramble');
  for (const name of names) assert.ok(!content.includes(name), name);
});

/** Names of four letters or more in the path of an entry. */
function namesIn(image: Buffer, slot: number): string[] {
  const payload = image.subarray(entryOffset(slot) + PAYLOAD_OFFSET, entryOffset(slot + 1));
  return payload.toString('latin1').match(/[\w.-]{4,}/g) ?? [];
}

test('the same for the daxdevs of a pool', async (t) => {
  const sandbox = new PoolSandbox();
  const random = new Random(t);
  const [primary = '', second = '', third = ''] = await sandbox.makePool(64, 32, 32);
  await sandbox.ok(['mkdir', '-p', 'secret/folder']);
  for (const daxdev of ['0', '1', '2'])
    await sandbox.ok(['creat', '-s', '3M', '--daxdevs', daxdev, `secret/folder/file${daxdev}`]);
  const names = ['secret', 'folder', 'file', sandbox.folder];
  const all = [primary, second, third];
  await assertSame(sandbox, 'sound', all, names);
  const damages = Object.values(SECONDARY_DAMAGES.damages).flat() as Damage[];
  for (const [what, , change] of damages) {
    if (!LONG && random.below(10) > 0) continue;
    const sound = readFileSync(second);
    const damaged = Buffer.from(sound);
    change(damaged);
    writeFileSync(second, damaged);
    await assertSame(sandbox, what, all, names);
    writeFileSync(second, sound);
  }
  rmSync(third);
  await assertSame(sandbox, 'a daxdev is missing', [primary, second], names);
});
