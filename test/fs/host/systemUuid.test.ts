/** The system uuid: made once and for good, and never guessed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { FAMFS, runProcess } from '../../support/famfs.js';
import { MIB, OWN_UUID, Sandbox } from '../../support/sandbox.js';

/** A sandbox of a host that has no system uuid yet. */
function newHost(file = 'opt/famfs/system_uuid'): { box: Sandbox; file: string } {
  const box = new Sandbox();
  rmSync(box.env.FAMFS_SYSTEM_UUID_FILE as string);
  const path = join(box.folder, file);
  box.env.FAMFS_SYSTEM_UUID_FILE = path;
  return { box, file: path };
}

test('mkfs makes it, readable by all, with nothing left beside it', async () => {
  const { box, file } = newHost();
  await box.ok(['mkfs', box.image('a', 64 * MIB)]);
  assert.match(readFileSync(file, 'latin1'), /^[0-9a-f-]{36}\0$/);
  assert.equal(statSync(file).mode & 0o7777, 0o444);
  assert.deepEqual(readdirSync(dirname(file)), ['system_uuid']);
  const before = readFileSync(file);
  await box.ok(['mkfs', '--force', join(box.folder, 'a')]);
  assert.deepEqual(readFileSync(file), before);
});

test('the file and each directory that is made are synced before mkfs writes to the device', async () => {
  const { box, file } = newHost();
  const image = box.image('a', 64 * MIB);
  const trace = join(box.folder, 'trace');
  const argv = ['-f', '-y', '-e', 'trace=fsync,link,linkat,openat,unlink', '-o', trace, FAMFS, 'mkfs', image];
  const { exitCode, stderr } = await runProcess('strace', argv, box.env);
  assert.equal(exitCode, 0, stderr);
  const lines = readFileSync(trace, 'utf8').split('\n');
  const at = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
  const [opened, synced, linked] = [
    at(/system_uuid\..*O_EXCL/),
    at(/fsync\(\d+<[^>]*system_uuid\./),
    at(/link.*system_uuid"/),
  ];
  assert.ok(opened >= 0 && opened < synced && synced < linked, lines.join('\n'));
  for (const folder of [dirname(file), join(box.folder, 'opt'), box.folder])
    assert.ok(at(new RegExp(`fsync\\(\\d+<${folder}>`)) > linked, folder);
});

test('a symbolic link that leads nowhere is an error, and no file system is made', async () => {
  const { box, file } = newHost();
  const image = box.image('a', 64 * MIB);
  mkdirSync(dirname(file), { recursive: true });
  symlinkSync('/nowhere/system_uuid', file);
  const error = await box.error(['mkfs', image]);
  assert.equal(error.code, 'SYSTEM_UUID');
  assert.match(error.message, /symbolic link to a file that does not exist/);
  assert.ok(lstatSync(file).isSymbolicLink());
  assert.ok(readFileSync(image).equals(Buffer.alloc(64 * MIB)));
});

test('a symbolic link to a file is followed', async () => {
  const { box, file } = newHost();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(join(box.folder, 'real'), OWN_UUID);
  symlinkSync(join(box.folder, 'real'), file);
  await box.makeFs();
  assert.equal((await box.json<{ role: string }>(['info'])).role, 'Master');
});

test('a link that someone planted at a temporary name is not followed', async () => {
  const { box, file } = newHost();
  mkdirSync(dirname(file), { recursive: true });
  const victim = join(box.folder, 'victim');
  // what older versions called it
  symlinkSync(victim, `${file}.${process.pid}`);
  await box.ok(['mkfs', box.image('a', 64 * MIB)]);
  assert.equal(existsSync(victim), false);
});

for (const [what, make] of [
  ['garbage', (file: string) => writeFileSync(file, 'garbage')],
  ['nothing', (file: string) => writeFileSync(file, '')],
  ['zeros', (file: string) => writeFileSync(file, '00000000-0000-0000-0000-000000000000')],
  ['more than a uuid', (file: string) => writeFileSync(file, `${OWN_UUID}${'\n'.repeat(5000)}`)],
  ['a FIFO', (file: string) => void execFileSync('mkfifo', [file])],
  ['a directory', (file: string) => mkdirSync(file)],
] as const) {
  test(`a system uuid file that holds ${what} makes this host a Client for reading, and writes fail`, async () => {
    const box = new Sandbox();
    const image = await box.makeFs(64 * MIB);
    const file = box.env.FAMFS_SYSTEM_UUID_FILE as string;
    rmSync(file);
    make(file);
    const env = { ...box.env, FAMFS_DEV: image };
    // in processes of their own: if one blocked, nothing here could end it
    const run = (...argv: string[]) => runProcess('timeout', ['10', FAMFS, ...argv, '--json'], env);
    const ls = await run('ls');
    assert.deepEqual([ls.exitCode, ls.stderr], [0, '']);
    const info = await run('info');
    assert.equal(info.exitCode, 0, info.stderr);
    // what the hint says is true
    assert.equal(JSON.parse(info.stdout).systemUuid, OWN_UUID);
    assert.equal(JSON.parse(info.stdout).role, 'Client');
    assert.match(info.stderr, /"SYSTEM_UUID".*counts as a Client/);
    for (const argv of [
      ['creat', '-s', '2M', 'a'],
      ['mkfs', '--force', image],
    ]) {
      const { exitCode, stderr } = await run(...argv);
      assert.equal(exitCode, 1, stderr);
      const { error } = JSON.parse(stderr.trim().split('\n').at(-1) as string);
      assert.equal(error.code, 'SYSTEM_UUID', stderr);
    }
  });
}

test('the hint after a bad content does not lose the file systems that this host has made', async () => {
  const box = new Sandbox();
  await box.makeFs(64 * MIB);
  writeFileSync(box.env.FAMFS_SYSTEM_UUID_FILE as string, 'garbage');
  const { hint = '' } = await box.error(['creat', '-s', '2M', 'a']);
  assert.match(hint, /famfs info prints it as the Master uuid/);
  assert.match(hint, /remove the file only if there is none/);
});
