/** showfmap's forms, fmap decode and check, resolve and whois, through the command line. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenFile, goldenImage } from '../support/golden.js';
import { MIB, Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox(GOLDEN_MASTER);
const g2 = goldenImage('g2', sandbox.folder);
const g3 = goldenImage('g3', sandbox.folder);

interface Shown {
  hex: string;
  bytes: number;
  messageBytes: number;
  next?: number;
  findings: { rule: string }[];
}

async function shown(...argv: string[]): Promise<Shown> {
  const { files } = await sandbox.json<{ files: Shown[] }>(['showfmap', ...argv]);
  assert.equal(files.length, 1);
  return files[0] as Shown;
}

for (const [image, dev, slot, path] of [
  ['g2', g2, 3, 'one_byte'],
  ['g2', g2, 5, 'dir1/f2m'],
  ['g2', g2, 6, 'dir1/f2m1'],
  ['g3', g3, 1, 'il/a_8x8x2m_16m'],
] as const) {
  test(`showfmap --format v2 --raw ${path} is the reply of the reference's server`, async () => {
    const golden = readFileSync(goldenFile(`${image}.fmap${slot}.bin`));
    const raw: Buffer[] = [];
    const sink = { write: async (data: string | Uint8Array) => void raw.push(Buffer.from(data as string)) };
    await sandbox.ok(['showfmap', '--format', 'v2', '--raw', path, '--dev', dev], { sink });
    assert.deepEqual(Buffer.concat(raw), golden);
    const { hex, findings } = await shown('--format', 'v2', path, '--dev', dev);
    assert.equal(hex, golden.toString('hex'));
    assert.deepEqual(findings, []);
  });
}

test('maps of all files of g3 come back from both forms, and kernels take them', async () => {
  type Row = { path: string; type: string; size: number; extents: object[]; hex: string };
  const { files } = await sandbox.json<{ files: Row[] }>(['showfmap', '--all', '--dev', g3]);
  for (const form of ['v2', 'd']) {
    const { files: messages } = await sandbox.json<{ files: Row[] }>([
      'showfmap',
      '--all',
      '--format',
      form,
      '--dev',
      g3,
    ]);
    assert.equal(messages.length, files.length);
    for (const [i, { hex, path }] of messages.entries()) {
      const { path: _, ...expected } = files[i] as Row;
      const file = join(sandbox.folder, 'message.bin');
      writeFileSync(file, Buffer.from(hex, 'hex'));
      const decoded = await sandbox.json(['fmap', 'decode', file, '--size', String(expected.size)]);
      assert.deepEqual([decoded.form, decoded.map], [form, expected], `${form} ${path}`);
      const { accepted } = await sandbox.json(['fmap', 'check', file]);
      assert.equal(accepted, true);
    }
  }
});

test('pages of a reply, joined, are the reply; -1 ends them', async () => {
  const whole = await shown('--format', 'v2', '--revision', 'v10', 'il/a_8x8x2m_16m', '--dev', g3);
  for (const room of [40, 64, 100, 4096]) {
    let joined = '';
    let offset = 0;
    for (let page = 0; offset >= 0; page++) {
      assert.ok(page < 20);
      const argv = ['--format', 'v2', '--max-reply', String(room), '--offset', String(offset)];
      const part = await shown(...argv, 'il/a_8x8x2m_16m', '--dev', g3);
      assert.ok(part.bytes <= room);
      joined += part.hex.slice(0, -16);
      assert.equal(Buffer.from(part.hex, 'hex').readBigInt64LE(part.bytes - 8), BigInt(part.next ?? 0));
      offset = part.next as number;
    }
    assert.equal(joined, whole.hex);
  }
  const { code } = await sandbox.error([
    'showfmap',
    'one_byte',
    '--dev',
    g2,
    '--format',
    'v2',
    '--max-reply',
    '64',
    '--offset',
    '33',
  ]);
  assert.equal(code, 'BAD_RANGE');
});

test('a size probe gets the header alone where the reply does not fit, with the size that is needed', async () => {
  const tight = await shown('--format', 'v2', '--max-reply', '247', 'il/a_8x8x2m_16m', '--dev', g3);
  assert.equal(tight.bytes, 32);
  assert.equal(Buffer.from(tight.hex, 'hex').readUInt32LE(12), 248);
  const exact = await shown('--format', 'v2', '--max-reply', '248', 'il/a_8x8x2m_16m', '--dev', g3);
  assert.equal(exact.bytes, 248);
});

test('fmap check names the rule and the errno, and exits 1', async () => {
  const golden = readFileSync(goldenFile('g2.fmap3.bin'));
  golden.writeUInt32LE(24, 32);
  const stdin = () => Readable.from([golden]);
  const { exitCode, stdout } = await sandbox.run(['fmap', 'check', '--json'], { stdin: stdin() });
  const { errno, findings } = JSON.parse(stdout);
  assert.deepEqual([exitCode, errno, findings[0].rule], [1, 'EINVAL', 'V2_DEVICE']);
  assert.match((await sandbox.run(['fmap', 'check', '-'], { stdin: stdin() })).stdout, /V2_DEVICE \(EINVAL\)/);
  assert.equal((await sandbox.run(['fmap', 'check', '--revision', 'v10'], { stdin: stdin() })).exitCode, 0);
});

test('fmap decode and check stand any bytes', async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(31, 255), Buffer.alloc(4000, 255), Buffer.alloc(80, 1)]) {
    const stdin = () => Readable.from([bytes]);
    const checked = await sandbox.run(['fmap', 'check', '--json'], { stdin: stdin() });
    assert.equal(checked.exitCode, 1, checked.stderr);
    assert.equal((await sandbox.run(['fmap', 'decode'], { stdin: stdin() })).exitCode, 0);
    assert.equal((await sandbox.run(['fmap', 'check', '--form', 'd'], { stdin: stdin() })).exitCode, 1);
  }
  assert.equal((await sandbox.error(['fmap', 'check', 'nosuch'])).code, 'FMAP_UNREADABLE');
  assert.equal((await sandbox.error(['fmap', 'decode', '/dev/zero'])).code, 'FMAP_LARGE');
});

test('yaml is what the reference prints', async () => {
  const golden = readFileSync(goldenFile('g3.yaml'), 'utf8').replace(/^####.*\n|^dump: mkdir.*\n/gm, '');
  assert.equal(await sandbox.ok(['showfmap', '--all', '--format', 'yaml', '--dev', g3]), golden);
});

test('resolve and the whole list of pieces agree, and whois finds the way back from each', async () => {
  const path = 'il/b_8x8x2m_100m';
  type Piece = { daxdev: number; deviceOffset: number; length: number; fileOffset: number };
  const { files } = await sandbox.json<{ files: { extents: Piece[] }[] }>([
    'showfmap',
    '--format',
    'extents',
    path,
    '--dev',
    g3,
  ]);
  const { pieces } = await sandbox.json<{ pieces: Piece[] }>(['resolve', path, '--dev', g3]);
  assert.deepEqual(files[0]?.extents, pieces);
  assert.equal(
    pieces.reduce((sum, { length }) => sum + length, 0),
    100 * MIB,
  );
  for (const { daxdev, deviceOffset, fileOffset, length } of [pieces[0], pieces[9], pieces.at(-1)] as Piece[]) {
    for (const delta of [0, length - 1]) {
      const { owners } = await sandbox.json<{ owners: object[] }>([
        'whois',
        String(daxdev),
        String(deviceOffset + delta),
        '--dev',
        g3,
      ]);
      const slot = 2;
      assert.deepEqual(owners, [
        { path, slot, fileOffset: fileOffset + delta, size: 100 * MIB, slack: false, applied: true },
      ]);
    }
  }
  const argv = ['resolve', path, '--offset', '3M', '--length', '2M', '--dev', g3];
  const part = await sandbox.json<{ pieces: Piece[] }>(argv);
  assert.deepEqual(
    part.pieces.map(({ fileOffset, length }) => [fileOffset / MIB, length / MIB]),
    [
      [3, 1],
      [4, 1],
    ],
  );
  assert.equal((await sandbox.error(['resolve', path, '--offset', '100M', '--dev', g3])).code, 'BAD_RANGE');
  assert.equal((await sandbox.error(['resolve', path, '--length', '101M', '--dev', g3])).code, 'BAD_RANGE');
});

test('whois knows the superblock, the log and its slots, slack, free space, and both owners of an overlap', async () => {
  const at = async (offset: number, dev = g2) =>
    sandbox.json<Record<string, unknown>>(['whois', '0', String(offset), '--dev', dev]);
  assert.equal((await at(2 * MIB - 1)).region, 'superblock');
  assert.equal((await at(2 * MIB)).region, 'log header');
  const { region, logSlot } = await at(2 * MIB + 48 + 544 * 3);
  assert.deepEqual([region, logSlot], ['log', 3]);
  const slack = await at(0xa00000 + 1);
  assert.deepEqual(
    (slack.owners as { slack: boolean }[]).map((owner) => owner.slack),
    [true],
  );
  assert.equal((await at(4096 * MIB - 1)).region, 'free');
  assert.equal((await sandbox.error(['whois', '0', '4G', '--dev', g2])).code, 'BAD_RANGE');
  assert.equal((await sandbox.error(['whois', '1', '0', '--dev', g2])).code, 'NO_DAXDEV');
  assert.equal((await sandbox.error(['whois', '0', 'x', '--dev', g2])).exitCode, 2);
  const overlapped = goldenImage('g12', sandbox.folder);
  const { owners } = await at(0xe00000, overlapped);
  assert.equal((owners as object[]).length, 2);
});

test('a daxdev is named by index, uuid or path', async () => {
  const { deviceUuid } = await sandbox.json<{ deviceUuid: string }>(['info', '--dev', g2]);
  for (const name of ['0', deviceUuid, deviceUuid.toUpperCase(), g2])
    assert.equal((await sandbox.json(['whois', name, '0xa00000', '--dev', g2])).region, 'file');
  assert.equal((await sandbox.error(['whois', g3, '0', '--dev', g2])).code, 'NO_DAXDEV');
});

type Operation = { operation: string; windowOffset: number; length: number; fileOffset?: number };

test('a window never holds more than it has room for, and is empty at the end', async () => {
  for (const [window, granularity] of [
    ['4M', '2M'],
    ['8M', '4M'],
    ['2M', '64K'],
    ['1G', '2M'],
  ] as const) {
    const argv = ['resolve', 'il/b_8x8x2m_100m', '--window', window, '--granularity', granularity, '--dev', g3];
    const { operations, window: size } = await sandbox.json<{ operations: Operation[]; window: number }>(argv);
    const used = new Map<number, number>();
    let mapped = 0;
    for (const { operation, windowOffset, length } of operations) {
      assert.ok(windowOffset + length <= size);
      if (operation === 'setup') {
        for (const [start, end] of used) assert.ok(windowOffset >= end || windowOffset + length <= start, 'overlap');
        used.set(windowOffset, windowOffset + length);
        mapped += length;
      } else {
        let removed = 0;
        for (const [start, end] of used)
          if (start >= windowOffset && end <= windowOffset + length) {
            removed += end - start;
            used.delete(start);
          }
        assert.equal(removed, length);
      }
    }
    assert.equal(used.size, 0);
    assert.equal(mapped, 100 * MIB);
  }
});

for (const argv of [
  ['showfmap', 'one_byte', '--raw'],
  ['showfmap', '--all', '--raw', '--format', 'v2'],
  ['showfmap', 'one_byte', '--raw', '--format', 'v2', '--json'],
  ['showfmap', 'one_byte', '--max-reply', '64'],
  ['showfmap', 'one_byte', '--offset', '0', '--format', 'v2'],
  ['showfmap', 'one_byte', '--offset', '0', '--max-reply', '39', '--format', 'v2'],
  ['showfmap', 'one_byte', '--max-reply', '31', '--format', 'v2'],
  ['showfmap', 'one_byte', '--format', 'v3'],
  ['resolve', 'one_byte', '--granularity', '2M'],
  ['resolve', 'one_byte', '--window', '6M', '--granularity', '3M'],
  ['resolve', 'one_byte', '--window', '3M'],
  ['resolve', 'one_byte', '--window', '1K'],
  ['resolve', 'one_byte', '--length', '0'],
  ['fmap', 'check', '--daxdevs', '65'],
  ['fmap', 'check', '--form', 'x'],
  ['whois', '0'],
]) {
  test(`wrong use: ${argv.join(' ')}`, async () => {
    const dev = argv[0] === 'fmap' ? [] : ['--dev', g2];
    assert.equal((await sandbox.run([...argv, ...dev])).exitCode, 2);
  });
}

test('--raw is refused on a terminal', async () => {
  const { exitCode } = await sandbox.run(['showfmap', 'one_byte', '--raw', '--format', 'v2', '--dev', g2], {
    terminal: true,
  });
  assert.equal(exitCode, 2);
});
