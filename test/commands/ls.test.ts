import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../support/golden.js';
import { GIB, Sandbox, stdinOf } from '../support/sandbox.js';

test('ls lists the golden tree, and reports a missing path', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const dev = ['--dev', goldenImage('g2', sandbox.folder)];
  assert.equal(
    await sandbox.ok(['ls', ...dev]),
    'dir1/\nf4095\nf4096\nname_with_79_characters_exactly_so_that_it_fits_in_fm_relpath_with_one_nul_byte\none_byte\n',
  );
  const long = await sandbox.ok(['ls', '-n', '/dir1', 'one_byte', ...dev]);
  assert.match(long, /^-rw-r--r-- +0 +0 +1 one_byte\n\n\/dir1:\n-rwsr-xr-x 12345 54321 +1073741824 f1g\n/);
  assert.match(await sandbox.ok(['ls', '-nhR', ...dev]), /1G f1g\n[\s\S]*drwxrwxrwt +0 +0 +0 deep\//);
  const error = await sandbox.error(['ls', 'nothing', ...dev]);
  assert.deepEqual([error.exitCode, error.code], [1, 'NO_ENTRY']);
});

test('ls lists what there is of its arguments, and fails', async () => {
  const sandbox = new Sandbox(GOLDEN_MASTER);
  const dev = ['--dev', goldenImage('g2', sandbox.folder)];
  const { exitCode, stdout, stderr } = await sandbox.run(['ls', 'f4095', 'no', 'dir1', 'such', ...dev]);
  assert.equal(exitCode, 1);
  assert.match(stdout, /^f4095\n\n\/dir1:\nf1g\n/);
  assert.match(stderr, /^famfs ls: no: no such file .*\nfamfs ls: such: no such file .*\n$/);
  const json = JSON.parse((await sandbox.run(['ls', '--json', 'f4095', 'no', ...dev])).stdout);
  assert.deepEqual([json.entries.length, json.failed[0].path, json.failed[0].code], [1, 'no', 'NO_ENTRY']);
  // longer than any path of a log
  assert.match((await sandbox.run(['ls', 'x'.repeat(100), ...dev])).stderr, /^famfs ls: x+: no such file /);
});

test('ls knows the habits of ls: -a -1 -d -t', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs();
  await sandbox.ok(['mkdir', '/b', '/b/a']);
  await sandbox.ok(['creat', '--size', '1', '/.z', '/a']);
  assert.equal(await sandbox.ok(['ls', '-a1']), '.z\na\nb/\n');
  assert.equal(await sandbox.ok(['ls', '-t']), 'a\n.z\nb/\n');
  assert.equal(await sandbox.ok(['ls', '-d', 'b', 'a']), 'b/\na\n');
  assert.equal(await sandbox.ok(['ls', '-dt', 'b', 'a']), 'a\nb/\n');
  assert.match(await sandbox.ok(['ls', '-ld']), /^drwx\S+ .* \/\n$/);
  assert.match(await sandbox.ok(['ls', '-la']), /\.z\n.* a\n.* b\/\n$/);
});

test('a device or image among the paths: the hint says --dev', async () => {
  const sandbox = new Sandbox();
  const image = await sandbox.makeFs();
  for (const argv of [
    ['ls', image],
    ['stat', image],
    ['showfmap', image],
    ['resolve', image],
    ['ls', 'pool.img'],
  ]) {
    for (const named of [image, undefined]) {
      const { code, hint } = await sandbox.error(argv, { env: { ...sandbox.env, FAMFS_DEV: named } });
      assert.equal(code, named ? 'NO_ENTRY' : 'NO_FAMFS', argv.join(' '));
      assert.equal(hint, `to name a device or image, write --dev ${argv[1]}`);
    }
  }
  const { hint } = await sandbox.error(['ls', 'nothing']);
  assert.equal(hint, 'famfs ls -R lists all files and directories');
});

test('ls -l shows special bits as ls(1) does', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs();
  for (const mode of ['4644', '4755', '2640', '2710', '1664', '1777'])
    await sandbox.ok(['creat', '-s', '1', '-m', mode, mode], { umask: 0 });
  assert.equal(
    (await sandbox.ok(['ls', '-l'])).replace(/^(\S+) .* (\S+)$/gm, '$1 $2'),
    '-rw-rw-r-T 1664\n-rwxrwxrwt 1777\n-rw-r-S--- 2640\n-rwx--s--- 2710\n-rwSr--r-- 4644\n-rwsr-xr-x 4755\n',
  );
});

test('ls -l names owners that this host knows, in columns', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs();
  for (const [path, owner] of [
    ['a', '0'],
    ['b', '12345'],
  ] as const)
    await sandbox.ok(['creat', '-s', '1', '-u', owner, '-g', owner, path]);
  const root = ['passwd', 'group'].map((database) => spawnSync('getent', [database, '0'], { encoding: 'utf8' }).stdout);
  const [user = '', group = ''] = root.map((line) => line.split(':')[0] as string);
  assert.notEqual(user, '');
  const width = (name: string) => Math.max(name.length, 5);
  assert.equal(
    await sandbox.ok(['ls', '-l']),
    `-rw-r--r-- ${user.padEnd(width(user))} ${group.padEnd(width(group))}              1 a\n` +
      `-rw-r--r-- ${'12345'.padStart(width(user))} ${'12345'.padStart(width(group))}              1 b\n`,
  );
  assert.match(await sandbox.ok(['ls', '-ln']), /^-rw-r--r-- {5}0 {5}0 +1 a\n-rw-r--r-- 12345 12345 +1 b\n$/);
  // scripts get numbers
  const { entries } = await sandbox.json<{ entries: { uid: number }[] }>(['ls', '-l']);
  assert.deepEqual(
    entries.map(({ uid }) => uid),
    [0, 12345],
  );
});

test('ls -R lists more names than are printed at a time, in one directory and in several', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(180 * GIB, '--loglen', '64M');
  const sections = new Map<string, string[]>([['', ['a', 'big', 'z']]]);
  const folders = ['a', 'big', 'z', ...Array.from({ length: 40 }, (_, i) => `a/d${i}`)];
  await sandbox.ok(['mkdir', '--quiet', ...folders]);
  const lines: string[] = [];
  for (const folder of folders) {
    const count = folder === 'big' ? 66_000 : 300;
    const names = Array.from({ length: count }, (_, i) => `f${(i * 7) % count}`);
    lines.push(...names.map((name) => `${folder}/${name} 1\n`));
    sections.set(folder, folder === 'a' ? [...names, ...folders.slice(3).map((path) => path.slice(2))] : names);
  }
  await sandbox.ok(['creat', '--quiet', '--from', '-'], { stdin: stdinOf(lines.join('')) });
  const order = ['', 'a', ...folders.slice(3).sort(), 'big', 'z'];
  const ending = (path: string) => (folders.includes(path) ? '/' : '');
  const expected = order.map((folder) => {
    const inside = (sections.get(folder) ?? []).sort();
    const shown = inside.map((name) => `${name}${ending(folder === '' ? name : `${folder}/${name}`)}\n`);
    return `/${folder}:\n${shown.join('')}`;
  });
  assert.equal((await sandbox.ok(['ls', '-R'])) === expected.join('\n'), true);
  const { entries } = await sandbox.json<{ entries: { path: string }[] }>(['ls', '-R']);
  assert.equal(entries.length, lines.length + folders.length);
  assert.equal(new Set(entries.map(({ path }) => path)).size, entries.length);
});
