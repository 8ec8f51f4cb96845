/** mkdir, ls, stat, showfmap, logplay, info and df, on what they are told to show. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { pokePayload } from '../support/patch.js';
import { GIB, MIB, Sandbox } from '../support/sandbox.js';

test('mkdir: parents, modes, owners, and what is refused', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  assert.equal((await sandbox.error(['mkdir', 'a/b'])).code, 'NO_PARENT');
  await sandbox.ok(['mkdir', '-p', '-m', '700', '/a/b/c/', 'a/x'], { umask: 0o077 });
  const { entries } = await sandbox.json<{ entries: { path: string; mode: string }[] }>(['ls', '-R']);
  assert.deepEqual(
    entries.map(({ path, mode }) => [path, mode]),
    [
      ['a', '0700'],
      ['a/b', '0700'],
      ['a/x', '0700'],
      ['a/b/c', '0700'],
    ],
  );
  assert.equal((await sandbox.error(['mkdir', 'a'])).code, 'EXISTS');
  await sandbox.ok(['mkdir', '-p', 'a/b/c']);
  await sandbox.ok(['creat', '-s', '1', 'f']);
  assert.equal((await sandbox.error(['mkdir', '-p', 'f/g'])).code, 'NO_PARENT');
  assert.equal((await sandbox.error(['mkdir', '-p', 'f'])).code, 'EXISTS');
  assert.equal((await sandbox.error(['mkdir', 'd', 'd'])).code, 'EXISTS');
  assert.equal((await sandbox.error(['mkdir', '/'])).code, 'BAD_PATH');
  assert.equal((await sandbox.run(['mkdir', '-m', '8', 'e'])).exitCode, 2);
  await sandbox.ok(['mkdir', '-u', '7', '-g', 'daemon', 'e']);
  assert.match(await sandbox.ok(['ls', '-l']), /drwxr-xr-x +7 +1 +0 e\//);
});

test('ls lists the golden tree, and says when a path is not there', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const dev = ['--dev', goldenImage('g2', sandbox.folder)];
  assert.equal(
    await sandbox.ok(['ls', ...dev]),
    'dir1/\nf4095\nf4096\nname_with_79_characters_exactly_so_that_it_fits_in_fm_relpath_with_one_nul_byte\none_byte\n',
  );
  const long = await sandbox.ok(['ls', '-l', '/dir1', 'one_byte', ...dev]);
  assert.match(long, /^-rw-r--r-- +0 +0 +1 one_byte\n\n\/dir1:\n-rwsr-xr-x 12345 54321 +1073741824 f1g\n/);
  assert.match(await sandbox.ok(['ls', '-lhR', ...dev]), /1G f1g\n[\s\S]*drwxrwxrwt +0 +0 +0 deep\//);
  const error = await sandbox.error(['ls', 'nothing', ...dev]);
  assert.deepEqual([error.exitCode, error.code], [1, 'NO_ENTRY']);
});

test('stat and showfmap agree with the golden text', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const dev = ['--dev', goldenImage('g3', sandbox.folder)];
  const { files } = await sandbox.json<{
    files: { path: string; chunkSize: number; stripeSize: number; extents: object[] }[];
  }>(['showfmap', 'il/a_8x8x2m_16m', ...dev]);
  assert.equal(files[0]?.chunkSize, 2 * MIB);
  assert.equal(files[0]?.stripeSize, 16 * MIB);
  assert.deepEqual(files[0]?.extents[0], { strip: 0, daxdev: 0, deviceOffset: 0x380000000, length: 0x200000 });
  const text = await sandbox.ok(['showfmap', 'il/a_8x8x2m_16m', ...dev]);
  assert.match(text, /size 16777216, interleaved, chunk 2M, stripe 16M, allocated 16777216, slack 0/);
  assert.match(text, /^ +0 +0 +0x380000000 +0x200000$/m);
  const all = await sandbox.json<{ files: object[] }>(['showfmap', '--all', ...dev]);
  assert.equal(all.files.length, 12);
  assert.equal((await sandbox.run(['showfmap', ...dev])).exitCode, 2);
  assert.equal((await sandbox.error(['showfmap', 'il', ...dev])).code, 'NOT_A_FILE');
  assert.match(
    await sandbox.ok(['stat', 'il', 'il/k_8x1x2m_9m', ...dev]),
    /Type: directory[\s\S]*Layout: interleaved, 1 strips, chunk 2097152/,
  );
});

test('logplay prints the operations in order, from a slot on', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const dev = ['--dev', goldenImage('g2', sandbox.folder)];
  const lines = (await sandbox.ok(['logplay', ...dev])).trim().split('\n');
  assert.equal(lines.length, 14);
  assert.match(lines[0] as string, /0 {2}mkdir {3}0755 0:0 dir1$/);
  assert.match(lines[8] as string, /8 {2}creat {3}0666 4294967294:3000000000 dir1\/sub\/deep\/f2m-1 size 2097151/);
  assert.equal(lines[13], '13 entries, 0 skipped: 10 files, 3 directories');
  const { operations } = await sandbox.json<{ operations: { slot: number }[] }>([
    'logplay',
    '--from',
    '11',
    '--dry-run',
    ...dev,
  ]);
  assert.deepEqual(
    operations.map(({ slot }) => slot),
    [11, 12],
  );
  assert.equal((await sandbox.run(['logplay', '--from', '-1', ...dev])).exitCode, 2);
});

test('info and df tell identity, role, log use and space', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const dev = ['--dev', goldenImage('g2', sandbox.folder)];
  const info = await sandbox.json<Record<string, unknown>>(['info', ...dev]);
  assert.equal(info.fsUuid, '14b4a1fd-435a-46b6-8720-1fcd053eac2d');
  assert.equal(info.role, 'Master');
  assert.equal(info.logBytesUsed, 7120);
  assert.equal(info.deviceName, '/dev/dax0.0');
  const df = await sandbox.json<Record<string, unknown>>(['df', ...dev]);
  assert.equal(df.free, 3_078_619_136);
  assert.equal(df.used, 1_216_348_160 - 10 * MIB);
  assert.match(await sandbox.ok(['df', '-h', ...dev]), /2.9G/);
});

test('hostile names are escaped in text and faithful in JSON', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const name = Buffer.concat([Buffer.from('a\x1b[2J\n\xff\xfe', 'latin1'), Buffer.alloc(80)]).subarray(0, 80);
  const dev = ['--dev', goldenImage('g2', sandbox.folder, (image) => pokePayload(image, 3, 'file', 'path', name))];
  for (const argv of [['ls'], ['ls', '-lR'], ['logplay'], ['showfmap', '--all'], ['fsck', dev[1] as string]]) {
    const { stdout } = await sandbox.run(argv[0] === 'fsck' ? argv : [...argv, ...dev]);
    assert.ok(!stdout.includes('\x1b'), argv.join(' '));
    assert.ok(stdout.includes('a\\x1b[2J\\n'), `${argv.join(' ')}: ${stdout}`);
  }
  const { entries } = await sandbox.json<{ entries: { path: string }[] }>(['ls', ...dev]);
  assert.ok(entries.some(({ path }) => path === 'a\x1b[2J\n\udcff\udcfe'));
});

test('the file system is found by FAMFS_DEV, and its absence is explained', async () => {
  const sandbox = new Sandbox();
  const error = await sandbox.error(['ls']);
  assert.equal(error.code, 'NO_FAMFS');
  assert.match(error.hint ?? '', /--dev/);
  const path = await sandbox.makeFs(GIB);
  assert.equal((await sandbox.json<{ device: string }>(['info'])).device, path);
  sandbox.env.FAMFS_DEV = sandbox.image('none.img', GIB);
  assert.equal((await sandbox.error(['ls'])).code, 'NO_FAMFS');
  assert.equal((await sandbox.json<{ device: string }>(['info', '--dev', path])).device, path);
});
