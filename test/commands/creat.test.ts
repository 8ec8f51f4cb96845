import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LOG_ENTRY_SIZE } from '../../src/format/logEntry.js';
import { crc32, MappedDevice } from '../../src/native/device.js';
import { fmapOf } from '../support/fmap.js';
import { goldenBytes, goldenFile } from '../support/golden.js';
import { entryOffset } from '../support/patch.js';
import { GIB, MIB, Sandbox, sandboxWithFs, stdinOf } from '../support/sandbox.js';

function logOf(path: string, entries: number): Buffer {
  const device = MappedDevice.open(path, { writable: false });
  const bytes = device.read(0, entryOffset(entries));
  device.close();
  return bytes;
}

test('repeating the operations of g2 gives its log entries, byte for byte', async () => {
  const sandbox = new Sandbox();
  const path = await sandbox.makeFs(4 * GIB);
  const umask = { umask: 0 };
  for (const line of readFileSync(goldenFile('g2.ops.txt'), 'utf8').trim().split('\n')) {
    const [what, name = '', ...rest] = line.split(' ');
    const [sizeText = '', mode = '', uid = '', gid = ''] = what === 'mkdir' ? ['', ...rest] : rest;
    const size = sizeText
      .split(/(?=[+-])/)
      .reduce(
        (sum, part) => sum + Number(part.replace('m', '')) * (part.endsWith('m') ? MIB : part.endsWith('g') ? 0 : 1),
        0,
      );
    const bytes = sizeText === '1g' ? GIB : size;
    // its last name was one byte too long and was cut
    const owned = ['-m', mode, '-u', uid, '-g', gid, name.slice(0, 79)];
    await sandbox.ok(what === 'mkdir' ? ['mkdir', ...owned] : ['creat', '-s', String(bytes), ...owned], umask);
  }
  const ours = logOf(path, 13);
  const theirs = goldenBytes('g2');
  for (let slot = 0; slot < 13; slot++) {
    const at = entryOffset(slot);
    assert.deepEqual(ours.subarray(at, at + LOG_ENTRY_SIZE), theirs.subarray(at, at + LOG_ENTRY_SIZE), `entry ${slot}`);
  }
  assert.deepEqual(ours.subarray(2 * MIB, 2 * MIB + 48), theirs.subarray(2 * MIB, 2 * MIB + 48));
});

test('sizes in all accepted spellings, and junk', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(4 * GIB);
  const sizes = {
    '4096': 4096,
    '1k': 1024,
    '1K': 1024,
    '2m': 2 * MIB,
    '1GiB': GIB,
    '1.5M': 1.5 * MIB,
    '0x200000': 2 * MIB,
    '1b': undefined,
  };
  for (const [text, bytes] of Object.entries(sizes)) {
    const run = await sandbox.run(['creat', '-s', text, `f${text}`]);
    if (bytes === undefined) assert.equal(run.exitCode, 2);
    else assert.equal((await fmapOf(sandbox, `f${text}`)).size, bytes, text);
  }
  const before = await sandbox.ok(['ls', '-lR']);
  for (const text of [
    '',
    '0',
    '-1',
    '1q',
    '1G2',
    '1GB',
    '1..5G',
    '0.3k',
    '9007199254740992',
    '99999999999999999999T',
    'G',
    ' 1G',
    '1e9',
    'NaN',
    '0x',
    'Infinity',
    '２M',
  ]) {
    const { exitCode } = await sandbox.run(['creat', '-s', text, 'bad']);
    assert.equal(exitCode, 2, `size '${text}'`);
  }
  assert.equal((await sandbox.error(['creat', '-s', '9t', 'big'])).code, 'NO_SPACE');
  assert.equal(await sandbox.ok(['ls', '-lR']), before);
});

test('NO_SPACE names free bytes and largest hole of each daxdev, and nothing changes', async () => {
  const sandbox = new Sandbox();
  const path = await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '20M', 'a']);
  const before = logOf(path, 5);
  const { exitCode, stderr } = await sandbox.run(['creat', '-s', '30M', 'b', 'c', '--json']);
  assert.equal(exitCode, 1);
  const { error } = JSON.parse(stderr.trim().split('\n').at(-1) as string);
  assert.equal(error.code, 'NO_SPACE');
  assert.deepEqual(error.daxdevs, [{ daxdev: 0, freeBytes: 4 * MIB, largestHoleBytes: 4 * MIB }]);
  assert.ok(logOf(path, 5).equals(before));
});

test('a contiguous file has no stripes', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  const error = await sandbox.error(['creat', '-s', '2M', '--stripes', '2', '--contiguous', 'a']);
  assert.deepEqual([error.exitCode, error.message], [2, '--contiguous and --stripes exclude each other']);
});

test('one bad file of many, and none is made', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '2M', 'old']);
  for (const [files, code] of [
    [['a', 'b', 'old'], 'EXISTS'],
    [['a', 'nodir/b'], 'NO_PARENT'],
    [['a', 'old/b'], 'NO_PARENT'],
    [['a', 'a/b'], 'NO_PARENT'],
    [['a', 'a'], 'EXISTS'],
    [['a', '../b'], 'BAD_PATH'],
    [['a', 'x\ny'], 'BAD_PATH'],
    [['a', '.meta/x'], 'BAD_PATH'],
    [['a', 'x'.repeat(80)], 'BAD_PATH'],
  ] as const) {
    const error = await sandbox.error(['creat', '-s', '2M', ...files]);
    assert.deepEqual([error.exitCode, error.code], [1, code], files.join(' '));
  }
  assert.equal(await sandbox.ok(['ls']), 'old\n');
});

test('--exist-ok accepts an existing file of the same size, and no other', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '3M', 'a']);
  const { files } = await sandbox.json<{ files: { path: string; created: boolean }[] }>([
    'creat',
    '-s',
    '3M',
    '--exist-ok',
    'a',
    'b',
  ]);
  assert.deepEqual(
    files.map(({ path, created }) => [path, created]),
    [
      ['a', false],
      ['b', true],
    ],
  );
  for (const size of ['4M', '2M', '3145727', '3145729'])
    assert.equal((await sandbox.error(['creat', '-s', size, '--exist-ok', 'a'])).code, 'EXISTS', size);
  const { message } = await sandbox.error(['creat', '-s', '3M', '--gid', '4294967294', '--exist-ok', 'a']);
  assert.match(message, /^a exists and has group \d+, not 4294967294/);
});

test('--multi and --from make many files at once', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs();
  await sandbox.ok(['mkdir', 'd']);
  await sandbox.ok(['creat', '--multi', 'a,2M', '--multi', 'd/b,with comma,4M']);
  const stdin = stdinOf('d/c 1k\n\n  d/e\t2M 600\n');
  await sandbox.ok(['creat', '--from', '-', '-m', '640'], { stdin });
  const entries = await sandbox.entries();
  assert.deepEqual(
    entries.map(({ path, size, mode }) => [path, size, mode]),
    [
      ['a', 2 * MIB, '0644'],
      ['d', 0, '0755'],
      ['d/b,with comma', 4 * MIB, '0644'],
      ['d/c', 1024, '0640'],
      ['d/e', 2 * MIB, '0600'],
    ],
  );
});

for (const [what, argv, stdin, message] of [
  ['no size in a line', ['--from', '-'], 'a 1k\nb\n', /line 2/],
  ['a bad size in a line', ['--from', '-'], 'a 1k\nb 1z\n', /line 2.*1z/],
  ['a bad mode in a line', ['--from', '-'], 'a 1k 9\n', /line 1/],
  ['too much in a line', ['--from', '-'], 'a 1k 644 x\n', /line 1/],
  ['an empty list', ['--from', '-'], '\n', /no file/],
  ['--multi without a size', ['--multi', 'a'], '', /FILE,SIZE/],
  ['no file at all', [], '', /no file/],
  ['a size for no file', ['-s', '1M'], '', /-s needs a FILE/],
  ['a file without a size', ['a'], '', /-s SIZE/],
  ['17 stripes', ['-s', '1M', '--stripes', '17', 'a'], '', /1 to 16/],
  ['no stripes', ['-s', '1M', '--stripes', '0', 'a'], '', /1 to 16/],
  ['an unknown user', ['-s', '1M', '-u', 'no such user', 'a'], '', /no such user/],
  ['a seed and zeros', ['-s', '1', '--seed', '1', '--zero', 'a'], '', /--zero/],
  ['an unknown option', ['-s', '1M', '--strips', '4', 'a'], '', /--stripes/],
] as const) {
  test(`${what} is a usage error and changes nothing`, async () => {
    const sandbox = new Sandbox();
    await sandbox.makeFs(64 * MIB);
    const run = await sandbox.run(['creat', ...argv], { stdin: stdinOf(stdin) });
    assert.equal(run.exitCode, 2, run.stderr);
    assert.match(run.stderr, message);
    assert.equal(await sandbox.ok(['ls']), '');
  });
}

test('owners are given by number or name, and the umask applies to modes', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '1', '-m', '4777', '-u', 'daemon', '-g', '4294967294', 'a'], { umask: 0o027 });
  const { entries } = await sandbox.json<{ entries: object[] }>(['stat', 'a']);
  assert.match(JSON.stringify(entries[0]), /"mode":"4750","uid":1,"gid":4294967294/);
  for (const nobody of ['4294967295', '9999999999'])
    assert.equal((await sandbox.error(['creat', '-s', '1', '-u', nobody, 'b'])).code, 'USAGE');
});

test('a full log is refused before the first append', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(34 * GIB);
  const list = Array.from({ length: 15_419 }, (_, i) => `f${i} 1`).join('\n');
  await sandbox.ok(['creat', '--from', '-'], { stdin: stdinOf(list) });
  for (const options of [[], ['-n']])
    assert.equal((await sandbox.error(['creat', ...options, '-s', '1', 'x', 'y'])).code, 'LOG_FULL');
  await sandbox.ok(['creat', '-s', '1', 'last']);
  assert.equal((await sandbox.error(['mkdir', 'more'])).code, 'LOG_FULL');
  assert.match(await sandbox.ok(['fsck']), /15420 of 15420.*\n.*clean/);
});

test('a Client can read, and every write is refused with the reason', async () => {
  const sandbox = new Sandbox();
  const path = await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '2M', 'a']);
  sandbox.becomeHost('99999999-8888-4777-8666-555555555555');
  assert.equal(await sandbox.ok(['ls']), 'a\n');
  assert.equal((await sandbox.json<{ role: string }>(['info'])).role, 'Client');
  const before = logOf(path, 3);
  for (const argv of [
    ['creat', '-s', '2M', 'b'],
    ['mkdir', 'd'],
  ]) {
    const error = await sandbox.error(argv);
    assert.equal(error.code, 'NOT_MASTER');
    assert.match(error.hint ?? '', /Master/);
  }
  assert.ok(logOf(path, 3).equals(before));
});

/** Known values of the pattern of the reference: the first 64 bytes, and the crc of 1048579 bytes. */
const PATTERNS = [
  [
    '1',
    '284991ee66b6fb343a87ca18de441778e8a866a128f453c9630a3f0c918da0a0f6b0ce1a3add6b986c99d7d828e543367c7b31a52a3d71062ef95fec06ab5609',
    0xe71c25fb,
  ],
  [
    '42',
    '985f52e27afb0c3df88c822b402249e5d5781cc4cce1aad536a0a03bdb08a0ef6094e6c481e729e5ecf365f2ec7e898fb0c108be5651f0305a4c916d3f1e0ecc',
    0x123f8e7f,
  ],
  [
    '4294967295',
    '745532c32f3593628be2890ca3bb34fbd610caa9d3a26a39c6e11c011412081883a36890b8cf33b1e74c89da28be3c63957a75ab1076e2a31ebee8ddb3810f51',
    0xfc683923,
  ],
] as const;

test('the seeded pattern is the one of the reference', async () => {
  const sandbox = await sandboxWithFs(256 * MIB);
  for (const [seed, start, crc] of PATTERNS) {
    await sandbox.ok(['creat', '-s', '1048579', '--seed', seed, seed]);
    await sandbox.ok(['get', seed, `out${seed}`]);
    const bytes = readFileSync(join(sandbox.folder, `out${seed}`));
    assert.equal(bytes.subarray(0, 64).toString('hex'), start);
    assert.equal(crc32(bytes), crc);
  }
});

test('creat --exist-ok fills existing files and makes the others', async () => {
  const sandbox = await sandboxWithFs(256 * MIB);
  await sandbox.ok(['creat', '-s', '3M', '--seed', '7', 'a']);
  const files = await created(sandbox, ['-s', '3M', '--zero', '--exist-ok', 'b', 'a']);
  assert.deepEqual(
    files.map(({ path, slot, created: made }) => [path, slot, made]),
    [
      ['b', 1, true],
      ['a', 0, false],
    ],
  );
  for (const path of ['a', 'b']) {
    await sandbox.ok(['get', path, path]);
    assert.ok(readFileSync(join(sandbox.folder, path)).equals(Buffer.alloc(3 * MIB)), path);
  }
});

test('the umask applies to modes of every kind', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  const umask = { umask: 0o027 };
  await sandbox.ok(['creat', '-s', '1', 'plain'], umask);
  await sandbox.ok(['creat', '-s', '1', '-m', '666', 'given'], umask);
  await sandbox.ok(['creat', '--multi', 'multi,1'], umask);
  await sandbox.ok(['creat', '--from', '-'], { ...umask, stdin: stdinOf('listed 1\nlisted-mode 1 777\n') });
  const { entries } = await sandbox.json<{ entries: { path: string; mode: string }[] }>(['ls']);
  assert.deepEqual(
    entries.map(({ path, mode }) => [path, mode]),
    [
      ['given', '0640'],
      ['listed', '0640'],
      ['listed-mode', '0750'],
      ['multi', '0640'],
      ['plain', '0640'],
    ],
  );
});

interface CreatedFile {
  readonly path: string;
  readonly slot: number;
  readonly created: boolean;
  readonly size: number;
  readonly layout: string;
  readonly chunkSize: number | null;
  readonly extents: readonly { daxdev: number; deviceOffset: number; length: number }[];
}

async function created(sandbox: Sandbox, argv: readonly string[]): Promise<readonly CreatedFile[]> {
  return (await sandbox.json<{ files: CreatedFile[] }>(['creat', ...argv])).files;
}

test('the document lists the files in the order of the request, with what stat says of them', async () => {
  const sandbox = await sandboxWithFs(256 * MIB);
  await sandbox.ok(['creat', '-s', '9M', 'old']);
  const argv = ['--exist-ok', '-s', '9M', '--stripes', '2', '--chunk', '2M', 'new2', 'old', 'new1'];
  const files = await created(sandbox, argv);
  assert.deepEqual(
    files.map(({ path, slot, created: made }) => [path, slot, made]),
    [
      ['new2', 1, true],
      ['old', 0, false],
      ['new1', 2, true],
    ],
  );
  const { entries } = await sandbox.json<{ entries: CreatedFile[] }>(['stat', 'new2', 'old', 'new1']);
  const mapOf = ({ path, size, layout, chunkSize, extents }: CreatedFile) => ({
    path,
    size,
    layout,
    chunkSize,
    extents,
  });
  assert.deepEqual(files.map(mapOf), entries.map(mapOf));
  assert.equal(files[0]?.chunkSize, 2 * MIB);
});

test('creat and cp warn once of large files that no huge page can map, and of no others', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(15 * MIB, '--alloc-unit', '4k');
  const warned = async (...argv: string[]) =>
    (await sandbox.run([...argv, '--json'])).stderr.split('\n').filter((line) => line.includes('SMALL_UNIT'));
  assert.deepEqual(await warned('creat', '-s', `${2 * MIB + 4096}`, 'aligned'), []);
  assert.deepEqual(await warned('creat', '-s', '10k', 'small'), []);
  const [line, ...more] = await warned('creat', '--dry-run', '-s', '2M', 'large');
  assert.match(line ?? '', /large begins at no multiple of 2 MiB/);
  assert.deepEqual(more, []);
  const source = join(sandbox.folder, 'source');
  writeFileSync(source, Buffer.alloc(2 * MIB, 1));
  assert.match((await warned('cp', source, 'copy')).join(), /copy begins at no multiple of 2 MiB/);
  const [extent] = (await sandbox.json<{ files: [CreatedFile] }>(['showfmap', 'copy'])).files[0].extents;
  assert.notEqual((extent?.deviceOffset ?? 0) % (2 * MIB), 0);
});
