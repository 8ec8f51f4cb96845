/** A log that anybody on this host uses is not rewritten; whoever follows it from another host gets an error. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { PoolSandbox } from '../../support/pool.js';
import { start } from '../../support/writers.js';

const sandbox = new PoolSandbox();
const proc = join(sandbox.env.FAMFS_SYSROOT as string, 'proc');
const RM = ['rm', '--clients-unmounted', 'a'];

/** Starts to follow the log, and waits until it has been replayed. */
async function follower() {
  const child = start(sandbox, ['logplay', '--follow', '--interval', '5', '--json']);
  let stderr = '';
  child.stderr?.on('data', (data) => {
    stderr += data;
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  await once(lines, 'line');
  return { child, ended: once(child, 'close'), errors: () => stderr };
}

test('what another process has mapped is refused, on the primary and on other daxdevs', async () => {
  await sandbox.makePool(32, 32);
  await sandbox.ok(['creat', '-s', '2M', 'a', 'b']);
  mkdirSync(sandbox.env.FAMFS_SYSROOT as string, { recursive: true });
  symlinkSync('/proc', proc);
  const { child, ended } = await follower();
  const { code, message, hint } = await sandbox.error(RM);
  assert.equal(code, 'MAPPED');
  assert.match(message, new RegExp(`p0.img is mapped by process ${child.pid} \\(`));
  assert.match(hint ?? '', /stop it first/);
  child.kill('SIGINT');
  await ended;
  await sandbox.ok(RM);
  rmSync(proc);
});

test('what another process has mapped is recognized by a name of any characters, where the numbers differ', async () => {
  const [primary = ''] = await sandbox.makePool(33);
  await sandbox.ok(['creat', '-s', '2M', 'a']);
  const named = join(sandbox.folder, 'p\u00f6\u00f6l.img');
  renameSync(primary, named);
  mkdirSync(join(proc, '77'), { recursive: true });
  // the numbers in maps are not those of stat(2) on every file system
  writeFileSync(join(proc, '77/maps'), `7f00-7f80 rw-s 00000000 00:63 1                        ${named}\n`);
  const { code, message } = await sandbox.error([...RM, '--dev', named]);
  assert.equal(code, 'MAPPED', message);
  // by another name, where the numbers are the same: a hard link
  const { dev, ino } = statSync(named);
  const number = [dev >> 8, dev & 0xff].map((part) => part.toString(16).padStart(2, '0')).join(':');
  writeFileSync(join(proc, '77/maps'), `7f00-7f80 rw-s 00000000 ${number} ${ino}                        /else/x.img\n`);
  assert.equal((await sandbox.error([...RM, '--dev', named])).code, 'MAPPED');
  rmSync(proc, { recursive: true });
});

test('what is mounted is refused', async () => {
  const [primary = ''] = await sandbox.makePool(34, 34);
  await sandbox.ok(['creat', '-s', '2M', 'a', 'b']);
  mkdirSync(proc, { recursive: true });
  writeFileSync(join(proc, 'mounts'), `${primary} /mnt/famfs famfs rw 0 0\n`);
  const { code, hint } = await sandbox.error(RM);
  assert.deepEqual([code, /umount \/mnt\/famfs/.test(hint ?? '')], ['MOUNTED', true]);
  rmSync(proc, { recursive: true });
});

test('who follows the log from another host hears that it was rewritten', async () => {
  await sandbox.makePool(36);
  await sandbox.ok(['creat', '-s', '2M', 'a', 'b']);
  const { ended, errors } = await follower();
  // as many entries as before: only the record of the history tells
  await sandbox.ok(['mv', '--clients-unmounted', 'a', 'c']);
  assert.deepEqual(await ended, [1, null]);
  assert.match(errors(), /"code":"LOG_REWRIT(TEN|ING)"/);
});
