import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LOG_ENTRY_SIZE } from '../../src/format/entries/logEntry.js';
import { counters, MappedDevice, resetCounters } from '../../src/native/device.js';
import { goldenBytes, goldenFile } from '../support/golden.js';
import { entryOffset } from '../support/patch.js';
import { GIB, MIB, Sandbox, stdinOf } from '../support/sandbox.js';

interface Fmap {
  readonly type: string;
  readonly size: number;
  readonly chunkSize: number | null;
  readonly allocated: number;
  readonly slack: number;
  readonly extents: readonly { daxdev: number; deviceOffset: number; length: number }[];
}

async function fmapOf(sandbox: Sandbox, path: string): Promise<Fmap> {
  const { files } = await sandbox.json<{ files: Fmap[] }>(['showfmap', path]);
  return files[0] as Fmap;
}

function logOf(path: string, entries: number): Buffer {
  const device = MappedDevice.open(path, { writable: false });
  const bytes = device.read(0, entryOffset(entries));
  device.close();
  return bytes;
}

test('the operations of g2 give the log entries of g2, byte for byte', async () => {
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
    // its last name is given one byte too long, and was cut
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

test('interleaved files have the shape that the reference gives them', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(16 * GIB);
  for (const [size, stripes, chunk, shape] of [
    ['16M', 8, '2M', [8, 2 * MIB]],
    ['100M', 8, '2M', [8, 14 * MIB]],
    ['1', 8, '2M', [1, 2 * MIB]],
    ['2M', 8, '2M', [8, 2 * MIB]],
    ['2097153', 8, '2M', [8, 2 * MIB]],
    ['50M', 6, '2M', [6, 10 * MIB]],
    ['3M', 6, '4M', [1, 4 * MIB]],
    ['104857601', 6, '4M', [6, 20 * MIB]],
    ['9M', 1, '2M', [1, 10 * MIB]],
  ] as const) {
    const name = `f${size}x${stripes}x${chunk}`;
    await sandbox.ok(['creat', '-s', size, '--stripes', String(stripes), '--chunk', chunk, name]);
    const fmap = await fmapOf(sandbox, name);
    assert.deepEqual([fmap.extents.length, fmap.extents[0]?.length], shape, name);
    assert.ok(fmap.extents.every(({ length }) => length === shape[1]));
    assert.equal(fmap.allocated - fmap.size, fmap.slack);
  }
  assert.match(await sandbox.ok(['fsck']), /clean/);
});

test('strips of one daxdev are at places of their own', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(16 * GIB);
  await sandbox.ok(['creat', '-s', '1G', '--stripes', '16', 'weights']);
  const { extents } = await fmapOf(sandbox, 'weights');
  const offsets = extents.map(({ deviceOffset }) => deviceOffset).sort((a, b) => a - b);
  for (let i = 1; i < offsets.length; i++) assert.ok((offsets[i] as number) - (offsets[i - 1] as number) > 900 * MIB);
});

test('sizes as people write them, and junk', async () => {
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

test('no room is one error with what was asked, what is free and the largest hole, and nothing changes', async () => {
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

test('a plain file is cut into extents only when no hole is large enough', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(74 * MIB);
  // four strips, each at the start of its quarter, leave four holes of 14 MiB
  await sandbox.ok(['creat', '-s', '8M', '--stripes', '4', 'strips']);
  assert.equal((await sandbox.json<{ largestHole: number }>(['df'])).largestHole, 14 * MIB);
  assert.equal((await sandbox.error(['creat', '-s', '30M', '--contiguous', 'whole'])).code, 'NO_SPACE');
  await sandbox.ok(['creat', '-s', '30M', 'pieces']);
  assert.equal((await fmapOf(sandbox, 'pieces')).extents.length, 3);
  await sandbox.ok(['creat', '-s', '10M', 'one']);
  assert.equal((await fmapOf(sandbox, 'one')).extents.length, 1);
  assert.match(await sandbox.ok(['fsck']), /clean/);
});

test('all or nothing: one bad file of many and none is made', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '2M', 'old']);
  for (const [files, code] of [
    [['a', 'b', 'old'], 'EXISTS'],
    [['a', 'nodir/b'], 'NO_PARENT'],
    [['a', 'old/b'], 'NO_PARENT'],
    [['a', 'a'], 'EXISTS'],
    [['a', '../b'], 'BAD_PATH'],
    [['a', 'x\ny'], 'BAD_PATH'],
    [['a', ''], 'BAD_PATH'],
    [['a', '.meta/x'], 'BAD_PATH'],
    [['a', 'x'.repeat(80)], 'BAD_PATH'],
  ] as const) {
    const error = await sandbox.error(['creat', '-s', '2M', ...files]);
    assert.deepEqual([error.exitCode, error.code], [1, code], files.join(' '));
  }
  assert.equal(await sandbox.ok(['ls']), 'old\n');
});

test('--exist-ok takes a file of the same size, and no other', async () => {
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
  assert.equal((await sandbox.error(['creat', '-s', '4M', '--exist-ok', 'a'])).code, 'EXISTS');
});

test('--multi and --from make many files in one go', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs();
  await sandbox.ok(['mkdir', 'd']);
  await sandbox.ok(['creat', '--multi', 'a,2M', '--multi', 'd/b,with comma,4M']);
  const stdin = stdinOf('d/c 1k\n\n  d/e\t2M 600\n');
  await sandbox.ok(['creat', '--from', '-', '-m', '640'], { stdin });
  const { entries } = await sandbox.json<{ entries: { path: string; size: number; mode: string }[] }>(['ls', '-R']);
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
  ['a size for no file', ['-s', '1M'], '', /no file/],
  ['a file without a size', ['a'], '', /-s SIZE/],
  ['17 stripes', ['-s', '1M', '--stripes', '17', 'a'], '', /1 to 16/],
  ['no stripes', ['-s', '1M', '--stripes', '0', 'a'], '', /1 to 16/],
  ['an unknown user', ['-s', '1M', '-u', 'no such user', 'a'], '', /no such user/],
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

test('owners by number and name, modes with umask', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '1', '-m', '4777', '-u', 'daemon', '-g', '4294967294', 'a'], { umask: 0o027 });
  const { entries } = await sandbox.json<{ entries: object[] }>(['stat', 'a']);
  assert.match(JSON.stringify(entries[0]), /"mode":"4750","uid":1,"gid":4294967294/);
});

test('a chunk that is none is refused', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  assert.equal((await sandbox.error(['creat', '-s', '8M', '--stripes', '2', '--chunk', '3M', 'a'])).code, 'BAD_LAYOUT');
  assert.equal((await sandbox.error(['creat', '-s', '8M', '--stripes', '2', '--chunk', '1M', 'a'])).code, 'USAGE');
});

test('a full log is refused before the first append', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(34 * GIB);
  const list = Array.from({ length: 15_419 }, (_, i) => `f${i} 1`).join('\n');
  await sandbox.ok(['creat', '--from', '-'], { stdin: stdinOf(list) });
  assert.equal((await sandbox.error(['creat', '-s', '1', 'x', 'y'])).code, 'LOG_FULL');
  await sandbox.ok(['creat', '-s', '1', 'last']);
  assert.equal((await sandbox.error(['mkdir', 'more'])).code, 'LOG_FULL');
  assert.match(await sandbox.ok(['fsck']), /15420 of 15420.*\n.*clean/);
});

test('a Client reads, and is refused every write with the reason', async () => {
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
  // 544 bytes touch 9 or 10 lines, the counters one
  assert.ok(perFile > 9.4 && perFile <= 11, `${perFile} lines a file`);
  assert.equal(sixty.stores - ten.stores, 2 * 50);
});
