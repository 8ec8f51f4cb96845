import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compactJson } from '../../src/ui/json.js';
import { GOLDEN_MASTER, goldenFile, goldenImage } from '../support/golden.js';
import { oddPool } from '../support/oddPool.js';
import { GIB, MIB, Sandbox, stdinOf } from '../support/sandbox.js';

const sandbox = new Sandbox(GOLDEN_MASTER);
const g2 = goldenImage('g2', sandbox.folder);
const g3 = goldenImage('g3', sandbox.folder);

interface SentMessage {
  hex: string;
  bytes: number;
  messageBytes: number;
  next?: number;
  findings: { rule: string }[];
}

async function messageOf(...argv: string[]): Promise<SentMessage> {
  const { files } = await sandbox.json<{ files: SentMessage[] }>(['showfmap', ...argv]);
  assert.equal(files.length, 1);
  return files[0] as SentMessage;
}

test('showfmap agrees with the golden text', async () => {
  const dev = ['--dev', g3];
  const { files } = await sandbox.json<{
    files: { path: string; chunkSize: number; stripeSize: number; extents: object[] }[];
  }>(['showfmap', 'il/a_8x8x2m_16m', ...dev]);
  assert.equal(files[0]?.chunkSize, 2 * MIB);
  assert.equal(files[0]?.stripeSize, 16 * MIB);
  assert.deepEqual(files[0]?.extents[0], { daxdev: 0, deviceOffset: 0x380000000, length: 0x200000 });
  const text = await sandbox.ok(['showfmap', 'il/a_8x8x2m_16m', ...dev]);
  assert.match(text, /size 16777216, interleaved, chunk 2M, stripe 16M, allocated 16777216, slack 0/);
  assert.match(text, /^ +0 +0 +0x380000000 +0x200000$/m);
  const all = await sandbox.json<{ files: object[] }>(['showfmap', '--all', ...dev]);
  assert.equal(all.files.length, 12);
  assert.equal((await sandbox.run(['showfmap', ...dev])).exitCode, 2);
  assert.equal((await sandbox.error(['showfmap', 'il', ...dev])).code, 'NOT_A_FILE');
});

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
    const { hex, findings } = await messageOf('--format', 'v2', path, '--dev', dev);
    assert.equal(hex, golden.toString('hex'));
    assert.deepEqual(findings, []);
  });
}

test('the pages of a reply, joined, are the reply; -1 ends them', async () => {
  const whole = await messageOf('--format', 'v2', '--revision', 'v10', 'il/a_8x8x2m_16m', '--dev', g3);
  for (const room of [40, 64, 100, 4096]) {
    let joined = '';
    let offset = 0;
    for (let page = 0; offset >= 0; page++) {
      assert.ok(page < 20);
      const argv = ['--format', 'v2', '--max-reply', String(room), '--offset', String(offset)];
      const part = await messageOf(...argv, 'il/a_8x8x2m_16m', '--dev', g3);
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

test('if the reply does not fit, a size probe gets the header alone, with the size needed', async () => {
  const tight = await messageOf('--format', 'v2', '--max-reply', '247', 'il/a_8x8x2m_16m', '--dev', g3);
  assert.equal(tight.bytes, 32);
  assert.equal(Buffer.from(tight.hex, 'hex').readUInt32LE(12), 248);
  const exact = await messageOf('--format', 'v2', '--max-reply', '248', 'il/a_8x8x2m_16m', '--dev', g3);
  assert.equal(exact.bytes, 248);
});

test('a page, or a header alone, is judged by the whole reply; a file that shares pages with another is DANGEROUS', async () => {
  const overlapped = goldenImage('g12', sandbox.folder);
  const { files } = await sandbox.json<{ files: (SentMessage & { path: string })[] }>([
    'showfmap',
    '--all',
    '--format',
    'v2',
    '--revision',
    'v10',
    '--max-reply',
    '32',
    '--dev',
    overlapped,
  ]);
  const dangerous = files.filter(({ findings }) => findings.length > 0);
  assert.equal(dangerous.length, 2);
  for (const { bytes, findings } of dangerous)
    assert.deepEqual([bytes, findings.map(({ rule }) => rule)], [32, ['V2_SHARED']]);
});

test('a map with a chunk that a form cannot hold is a finding, and --raw of it an error', async () => {
  const image = sandbox.image('wide.img', 16 * 1024 * MIB);
  const env = { FAMFS_SYSTEM_UUID_FILE: `${sandbox.folder}/uuid` };
  await sandbox.ok(['mkfs', image], { env });
  await sandbox.ok(['creat', '-s', '8G', '--stripes', '2', '--chunk', '4G', 'wide', '--dev', image], { env });
  const { bytes, findings } = await messageOf('--format', 'v2', 'wide', '--dev', image);
  assert.deepEqual([bytes, findings.map(({ rule }) => rule)], [0, ['V2_FIELD']]);
  assert.deepEqual((await messageOf('--format', 'd', 'wide', '--dev', image)).findings, []);
  const raw = await sandbox.run(['showfmap', 'wide', '--format', 'v2', '--raw', '--dev', image]);
  assert.equal(raw.exitCode, 1);
  assert.match(raw.stderr, /wide: form v2 cannot hold its map: .*chunkSize/);
});

test('--all leaves nothing open, whatever is printed, and also when the reader goes away', async () => {
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  for (const format of ['table', 'json', 'yaml', 'extents', 'v2', 'd']) {
    await sandbox.ok(['showfmap', '--all', '--format', format, '--dev', g3]);
    if (format !== 'yaml') await sandbox.ok(['showfmap', '--all', '--format', format, '--json', '--dev', g3]);
    assert.equal(open(), before, format);
  }
  const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  const sink = { write: () => Promise.reject(gone) };
  await sandbox.run(['showfmap', '--all', '--dev', g3], { sink });
  assert.equal(open(), before);
});

test('--all prints of each file what is printed for it alone', async () => {
  const { files } = await sandbox.json<{ files: { path: string }[] }>(['showfmap', '--all', '--dev', g3]);
  for (const format of ['table', 'extents', 'v2']) {
    const all = await sandbox.ok(['showfmap', '--all', '--format', format, '--dev', g3]);
    const each: string[] = [];
    for (const { path } of files) each.push(await sandbox.ok(['showfmap', path, '--format', format, '--dev', g3]));
    assert.equal(all, each.join(format === 'table' ? '\n' : ''));
  }
});

test('yaml is what the reference prints', async () => {
  const golden = readFileSync(goldenFile('g3.yaml'), 'utf8').replace(/^####.*\n|^dump: mkdir.*\n/gm, '');
  assert.equal(await sandbox.ok(['showfmap', '--all', '--format', 'yaml', '--dev', g3]), golden);
});

test('--raw is refused on a terminal', async () => {
  const { exitCode } = await sandbox.run(['showfmap', 'one_byte', '--raw', '--format', 'v2', '--dev', g2], {
    terminal: true,
  });
  assert.equal(exitCode, 2);
});

for (const argv of [
  ['one_byte', '--raw'],
  ['--all', '--raw', '--format', 'v2'],
  ['one_byte', '--raw', '--format', 'v2', '--json'],
  ['one_byte', '--max-reply', '64'],
  ['one_byte', '--offset', '0', '--format', 'v2'],
  ['one_byte', '--offset', '0', '--max-reply', '39', '--format', 'v2'],
  ['one_byte', '--max-reply', '31', '--format', 'v2'],
  ['one_byte', '--format', 'v3'],
  ['one_byte', '--revision', 'v10'],
  ['one_byte', '--format', 'd', '--revision', 'v10'],
  ['one_byte', '--format', 'd', '--max-reply', '64'],
  ['one_byte', '--format', 'yaml', '--json'],
]) {
  test(`wrong use: ${argv.join(' ')}`, async () => {
    assert.equal((await sandbox.run(['showfmap', ...argv, '--dev', g2])).exitCode, 2);
  });
}

test('all files at once print what each prints by itself', async () => {
  const pool = await oddPool();
  const stands: [Sandbox, string[]][] = [
    [sandbox, ['--dev', g2]],
    [sandbox, ['--dev', g3]],
    [pool, []],
  ];
  for (const [stand, dev] of stands) {
    const { files } = await stand.json<{ files: { path: string; layout: string; extents: object[] }[] }>([
      'showfmap',
      '--all',
      ...dev,
    ]);
    const paths = files.map(({ path }) => path);
    if (stand === pool) {
      assert.ok(paths.includes('\x1b[2J'));
      const kinds = files.map(({ layout, extents }) => `${layout} ${extents.length}`);
      for (const kind of ['simple 1', 'simple 2', 'interleaved 3', 'interleaved 2'])
        assert.ok(kinds.includes(kind), kind);
    }
    const named = [...dev, '--', ...paths];
    for (const format of ['table', 'yaml', 'extents', 'v2', 'd'])
      for (const color of ['never', 'always']) {
        const argv = ['showfmap', '--format', format, '--color', color];
        assert.equal(await stand.ok([...argv, '--all', ...dev]), await stand.ok([...argv, ...named]), format);
      }
    for (const argv of ['json', 'table --json', 'extents --json', 'v2 --json', 'd --json']) {
      const command = ['showfmap', '--format', ...argv.split(' ')];
      const document = JSON.parse(await stand.ok([...command, ...named])) as { files: object[] };
      const elements = document.files.map(compactJson).join(',\n    ');
      const version = argv === 'json' ? '' : '  "formatVersion": 1,\n';
      const expected = `{\n${version}  "files": [\n    ${elements}\n  ]\n}\n`;
      assert.equal(await stand.ok([...command, '--all', ...dev]), expected, argv);
    }
  }
});

test('all files are listed where they fill many blocks', async () => {
  const many = new Sandbox();
  await many.makeFs(8 * GIB, '--loglen', '8M');
  const paths = Array.from({ length: 2100 }, (_, i) => `file${i}`);
  await many.ok(['creat', '--quiet', '--from', '-'], { stdin: stdinOf(paths.map((path) => `${path} 1\n`).join('')) });
  const { files } = await many.json<{ files: { path: string }[] }>(['showfmap', '--all']);
  assert.deepEqual(
    files.map(({ path }) => path),
    paths,
  );
  const text = await many.ok(['showfmap', '--all', '--format', 'v2']);
  assert.equal(text.match(/^file\d+$/gm)?.length, paths.length);
});
