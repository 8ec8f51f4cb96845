/** What users of other tools type out of habit. */
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { shellIn } from '../support/famfs.js';
import { PoolSandbox } from '../support/pool.js';
import { firstBytes, MIB } from '../support/sandbox.js';

const ROOT_ONLY = process.geteuid?.() === 0 ? {} : { skip: 'only root can give files away' };

/** A file system, and a tree `t` of two files of this host to copy. */
async function standWithTree(): Promise<PoolSandbox> {
  const sandbox = new PoolSandbox();
  await sandbox.makeFs(128 * MIB);
  mkdirSync(join(sandbox.folder, 't/sub'), { recursive: true });
  for (const name of ['t/a', 't/sub/b']) {
    writeFileSync(join(sandbox.folder, name), name);
    chmodSync(join(sandbox.folder, name), 0o640);
  }
  return sandbox;
}

test('cp -R is cp -r, in and out', async () => {
  const sandbox = await standWithTree();
  await sandbox.ok(['cp', '-R', 't', 'in']);
  assert.equal(await sandbox.ok(['ls', '-R', 'in']), '/in:\na\nsub/\n\n/in/sub:\nb\n');
  await sandbox.ok(['get', '-R', 'in', 'out']);
  assert.equal(readFileSync(join(sandbox.folder, 'out/sub/b'), 'utf8'), 't/sub/b');
});

test('cp -v names each file and its copy', async () => {
  const sandbox = await standWithTree();
  const folder = sandbox.folder;
  const copied = (await sandbox.ok(['cp', '-rv', 't', 'in'])).split('\n');
  assert.deepEqual(copied.slice(0, 2), [`${folder}/t/a -> in/a`, `${folder}/t/sub/b -> in/sub/b`]);
  assert.match(copied[2] ?? '', /^copied 2 files/);
  const out = (await sandbox.ok(['get', '-rv', 'in', 'out'])).split('\n');
  assert.deepEqual(out.slice(0, 2), [`in/a -> ${folder}/out/a`, `in/sub/b -> ${folder}/out/sub/b`]);
  assert.match(await sandbox.ok(['cp', '-r', 't', 'again']), /^copied 2 files/);
});

test('cp -a is -r -p: owners are kept, also by who is not root', ROOT_ONLY, async () => {
  const sandbox = await standWithTree();
  chownSync(join(sandbox.folder, 't/a'), 7, 8);
  const ownerOf = async (path: string) => {
    const { entries } = await sandbox.json<{ entries: { uid: number; gid: number; mode: string }[] }>(['stat', path]);
    const { uid, gid, mode } = entries[0] as { uid: number; gid: number; mode: string };
    return `${uid}:${gid} ${mode}`;
  };
  const user = { uid: 1000, gid: 1000 };
  for (const [option, target, owner] of [
    ['-r', 'r', '1000:1000 0640'],
    ['-rp', 'rp', '7:8 0640'],
    ['-a', 'a', '7:8 0640'],
  ] as const) {
    const { exitCode, stderr } = await sandbox.run(['cp', option, 't', target], user);
    assert.equal(exitCode, 0, stderr);
    assert.equal(await ownerOf(`${target}/a`), owner, option);
  }
  await sandbox.ok(['cp', '-a', '--no-owner', 't', 'no']);
  assert.equal(await ownerOf('no/a'), '0:0 0640');
  await sandbox.ok(['get', '-a', 'a', 'back']);
  const { uid, gid, mode } = statSync(join(sandbox.folder, 'back/a'));
  assert.deepEqual([uid, gid, mode & 0o7777], [7, 8, 0o640]);
  // what exists keeps its owner, and that is said
  const again = await sandbox.run(['cp', '-p', 't/a', 'r/a']);
  assert.match(again.stderr, /r\/a has owner 1000, not 7; what exists stays as it is/);
  assert.equal((await sandbox.run(['cp', 't/a', 'r/a'])).stderr, '');
});

test('mkfs -f replaces, and -F is not taken for it', async () => {
  const sandbox = await standWithTree();
  const path = sandbox.env.FAMFS_DEV as string;
  const before = firstBytes(path, 4096);
  for (const word of ['-F', '-FF', '-nF']) {
    const error = await sandbox.error(['mkfs', word, path]);
    assert.deepEqual([error.exitCode, error.message], [2, 'there is no option -F'], word);
    assert.match(error.hint ?? '', /use -f; with the reference tools, -F is --nofuse/);
  }
  assert.deepEqual(firstBytes(path, 4096), before);
  await sandbox.ok(['mkfs', '-f', path]);
  assert.equal(await sandbox.ok(['ls']), '');
  const added = sandbox.image('added', 64 * MIB);
  writeFileSync(added, Buffer.alloc(64 * MIB, 'x'));
  assert.equal((await sandbox.run(['daxdev', 'add', added])).exitCode, 1);
  await sandbox.ok(['daxdev', 'add', '-n', '-f', added]);
  await sandbox.ok(['daxdev', 'add', '-F', added]);
});

test('the beginning of a uuid stands for it, where it is the only one', async () => {
  const sandbox = new PoolSandbox();
  const paths = await sandbox.makePool(64, 64, 64);
  const { daxdevs } = await sandbox.list();
  for (const [i, { uuid }] of daxdevs.entries()) {
    for (const prefix of [uuid, uuid.slice(0, 13), uuid.slice(0, 13).toUpperCase()]) {
      const found = await sandbox.json<{ uuid: string; path: string }>(['daxdev', 'resolve', prefix]);
      assert.deepEqual([found.uuid, found.path], [uuid, paths[i]]);
      const { daxdev } = await sandbox.json<{ daxdev: number }>(['whois', prefix, '0']);
      assert.equal(daxdev, i);
    }
  }
  for (const text of ['123', 'x123', '123456789', `${daxdevs[0]?.uuid}0`, '0b1c61c2-...'])
    assert.equal((await sandbox.error(['daxdev', 'resolve', text])).code, 'USAGE', text);
  const none = daxdevs.every(({ uuid }) => !uuid.startsWith('ffff')) ? 'ffff' : 'eeee';
  assert.equal((await sandbox.error(['daxdev', 'resolve', none])).code, 'MISSING_DAXDEV');
});

test('fsck -C writes the stages to a descriptor, as e2fsck does', async () => {
  const sandbox = await standWithTree();
  const path = sandbox.env.FAMFS_DEV as string;
  const run = (words: string) => shellIn(sandbox, `exec 5>progress; "$FAMFS" fsck ${words}`);
  const stages = [1, 2, 3, 4].flatMap((pass) => [`${pass} 0 1 ${path}\n`, `${pass} 1 1 ${path}\n`]).join('');
  for (const words of [`-C5 ${path}`, `-C 5 ${path}`, `-n ${path} -C5`]) {
    const { exitCode, stderr } = await run(words);
    assert.equal(exitCode, 0, stderr);
    assert.equal(readFileSync(join(sandbox.folder, 'progress'), 'utf8'), stages, words);
  }
  await run(`--kernel any -C5 ${path}`);
  assert.match(readFileSync(join(sandbox.folder, 'progress'), 'utf8'), /\n5 0 1 .*\n5 1 1 /);
  const fd = openSync(join(sandbox.folder, 'here'), 'w');
  await sandbox.ok(['fsck', '-C', `${fd}`, path]);
  assert.equal(readFileSync(join(sandbox.folder, 'here'), 'utf8'), stages);
  // without a number, -C is -C0: progress on the terminal, and the next word is still the device
  for (const words of [
    ['-C', path],
    ['-C0', path],
    ['-C-4', path],
    ['-r', path],
    ['-C', '-f', path],
  ])
    assert.match(await sandbox.ok(['fsck', ...words]), /: clean\n$/, words.join(' '));
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 30 });
  await sandbox.ok(['fsck', '-C', path], { stderr });
  const shown = String(stderr.read());
  assert.ok(shown.startsWith('\r\x1b[K'));
  assert.ok(
    shown.split('\r\x1b[K').every((line) => line.length < 30),
    shown,
  );
  assert.ok(shown.endsWith('\r\x1b[K'));
  const closed = await sandbox.error(['fsck', '-C', '1023', path]);
  assert.deepEqual([closed.exitCode, closed.message], [16, 'option -C: descriptor 1023 is not open']);
});
