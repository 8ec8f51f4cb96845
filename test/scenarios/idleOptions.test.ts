/** Options that would do nothing where they are given are refused, or it is said that they do nothing. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { PoolSandbox } from '../support/pool.js';
import { MIB } from '../support/sandbox.js';

async function stand(...options: string[]): Promise<PoolSandbox> {
  const sandbox = new PoolSandbox();
  await sandbox.makeFs(128 * MIB, ...options);
  writeFileSync(join(sandbox.folder, 'source'), 'bytes');
  return sandbox;
}

/** command line, exit code, what the error begins with */
const REFUSED: readonly (readonly [string, number, RegExp])[] = [
  ['creat -s 4M --chunk 2M f', 1, /^a chunk of 2097152 bytes is for interleaved files/],
  ['creat -s 4M --simple --chunk 2M f', 2, /^--simple excludes/],
  ['creat -s 4M --contiguous --chunk 2M f', 2, /^--contiguous and --chunk exclude/],
  ['creat -s 4M --contiguous --stripes 2 f', 2, /^--contiguous and --stripes exclude/],
  ['creat -s 4M --policy fill --alloc-seed 1 f', 2, /^--alloc-seed is for the random policy/],
  ['creat -s 4M --threads 2 f', 2, /^--threads is for --seed and --zero/],
  ['cp --chunk 2M source f', 1, /^a chunk of 2097152 bytes is for interleaved files/],
  ['cp --policy spread --alloc-seed 1 source f', 2, /^--alloc-seed is for/],
  ['cp -s 5 -r - f', 2, /^--recursive and -s exclude/],
  ['cp -s 5 -L - f', 2, /^--dereference and -s exclude/],
  ['cp -s 5 --owner - f', 2, /^--owner and -s exclude/],
  ['cp -s 5 --threads 2 - f', 2, /^--threads and -s exclude/],
  ['cp -s 5 --verify - f', 2, /^--verify needs files/],
  ['cp --skip-bad source f', 2, /^--skip-bad is for --out/],
  ['cp --out --stripes 2 old x', 2, /^--stripes and --out exclude/],
  ['cp --out -L old x', 2, /^--dereference and --out exclude/],
  ['get -r old -', 2, /^--recursive and standard output exclude/],
  ['daxdev list -h --format v2', 2, /^-h is for the table/],
  ['daxdev list --revision v10', 2, /^--revision is for --format/],
  ['showfmap --revision v10 old', 2, /^--revision is for --format/],
  ['showfmap --format yaml --json old', 2, /^--format yaml and --json exclude/],
  ['resolve --granularity 2M old', 2, /^--granularity is for --window/],
  ['mkfs -f -k -l 8M pool.img', 2, /^--kill makes no file system/],
  ['mkfs --chunk 2M new.img', 2, /^--chunk needs --stripes/],
  ['dump --force', 2, /^--force is for a file named with -o/],
  ['find -0', 2, /^-0 and --json exclude/],
  ['restore --to r --no-undo saved', 2, /^--no-undo is for --onto/],
  ['map --threads 2', 2, /^--threads is for --check-poison/],
  ['map --force', 2, /^--force is for --svg and --html/],
  ['metrics --threads 2', 2, /^--threads is for --check-poison/],
  ['clone --to new.img --chunk 2M', 2, /^--chunk needs --stripes/],
  ['fsck -n --undo u pool.img', 16, /^--undo is for repairs/],
  ['fsck --undo u pool.img', 16, /^--undo is for repairs/],
  ['fsck -n --no-undo pool.img', 16, /^--no-undo is for repairs/],
  ['fsck --scan -y pool.img', 16, /^--yes is not for --scan/],
  ['fsck --scan --kernel v2 pool.img', 16, /^--kernel is not for --scan/],
  ['fsck --scan --max-findings 3 pool.img', 16, /^--max-findings is not for --scan/],
  ['fsck --list-checks -p', 16, /^--preen is not for --list-checks/],
  ['fsck --list-checks pool.img', 16, /^--list-checks takes no DEV/],
];

test('options that would do nothing are refused, and nothing changes', async () => {
  const sandbox = await stand();
  await sandbox.ok(['creat', '-s', '4M', 'old']);
  for (const [line, exitCode, message] of REFUSED) {
    const error = await sandbox.error(line.split(' '), { stdin: Readable.from(['12345']) });
    assert.match(error.message, message, line);
    assert.equal(error.exitCode, exitCode, line);
  }
  assert.equal(await sandbox.ok(['ls']), 'old\n');
});

test('--chunk stands where the pool or the configuration says over how many strips', async () => {
  const sandbox = await stand('--stripes', '2');
  await sandbox.ok(['creat', '-s', '8M', '--chunk', '4M', 'a']);
  const chunkOf = async (path: string) =>
    (await sandbox.json<{ entries: { chunkSize: number | null }[] }>(['stat', path])).entries[0]?.chunkSize;
  assert.equal(await chunkOf('a'), 4 * MIB);
  const plain = await stand();
  plain.env.FAMFS_STRIPES = '2';
  await plain.ok(['creat', '-s', '8M', '--chunk', '4M', 'a']);
  // the chunk of the configuration waits for strips
  plain.env.FAMFS_STRIPES = '';
  plain.env.FAMFS_CHUNK = '4M';
  await plain.ok(['creat', '-s', '8M', 'b']);
});

test('a contiguous file is one extent, whatever the default of the pool', async () => {
  const sandbox = await stand('--stripes', '2');
  await sandbox.ok(['creat', '-s', '8M', '--contiguous', 'a']);
  const { entries } = await sandbox.json<{ entries: { layout: string; extents: unknown[] }[] }>(['stat', 'a']);
  assert.deepEqual([entries[0]?.layout, entries[0]?.extents.length], ['simple', 1]);
});

test('--exist-ok accepts no other mode or owner than was given', async () => {
  const sandbox = await stand();
  await sandbox.ok(['creat', '-s', '4M', '-m', '640', '-u', '5', '-g', '6', 'f']);
  const again = (...argv: string[]) => ['creat', '-s', '4M', '--exist-ok', ...argv, 'f'];
  for (const argv of [[], ['-m', '640'], ['-u', '5'], ['-g', '6'], ['-m', '640', '-u', '5', '-g', '6']])
    await sandbox.ok(again(...argv));
  for (const [argv, why] of [
    [['-m', '600'], 'f exists and has mode 0640, not 0600'],
    [['-u', '7'], 'f exists and has owner 5, not 7'],
    [['-g', '7'], 'f exists and has group 6, not 7'],
  ] as const) {
    const error = await sandbox.error(again(...argv));
    assert.deepEqual([error.exitCode, error.code, error.message], [1, 'EXISTS', why]);
  }
  writeFileSync(join(sandbox.folder, 'list'), 'f 4M 0644\n');
  assert.equal((await sandbox.error(['creat', '--from', 'list', '--exist-ok'])).code, 'EXISTS');
});

test('what exists with another layout is accepted with a warning', async () => {
  const sandbox = await stand();
  await sandbox.ok(['creat', '-s', '5', 'f']);
  await sandbox.ok(['creat', '-s', '8M', '--stripes', '2', 'g']);
  await sandbox.ok(['mkdir', '-m', '700', 'd']);
  for (const [line, said] of [
    ['creat -s 8M --exist-ok --simple g', /g has 2 strips of chunk 2097152, and is not simple; what exists stays/],
    ['creat -s 8M --exist-ok --contiguous g', /g has 2 strips of chunk 2097152, not one extent/],
    ['creat -s 8M --exist-ok --stripes 4 g', /g has 2 strips of chunk 2097152, not 4 strips of chunk 2097152/],
    ['creat -s 8M --exist-ok --stripes 2 --chunk 4M g', /not 2 strips of chunk 4194304/],
    ['mkdir -p -m 755 d', /\/d has mode 0700, not 0755/],
    ['mkdir -p -u 9 d', /\/d has owner \d+, not 9/],
  ] as const) {
    const { exitCode, stderr } = await sandbox.run(line.split(' '));
    assert.equal(exitCode, 0, line);
    assert.match(stderr, said, line);
  }
  for (const line of [
    'creat -s 8M --exist-ok --stripes 2 g',
    'creat -s 8M --exist-ok --stripes 2 --chunk 2M g',
    'creat -s 8M --exist-ok g',
    // a file smaller than a chunk is simple
    'creat -s 5 --exist-ok --stripes 2 f',
    'cp --stripes 2 source f',
    'cp source f',
    'mkdir -p d',
    'mkdir -p -m 700 d',
  ])
    assert.equal((await sandbox.run(line.split(' '))).stderr, '', line);
  writeFileSync(join(sandbox.folder, 'source'), Buffer.alloc(8 * MIB));
  const copied = await sandbox.run(['cp', '--simple', 'source', 'g']);
  assert.equal(copied.exitCode, 0);
  assert.match(copied.stderr, /g has 2 strips.*what exists stays as it is/);
});
