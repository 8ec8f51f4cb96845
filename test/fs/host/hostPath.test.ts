/** Paths of this host: kept as they are, or refused. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostPath } from '../../../src/fs/host/hostPath.js';
import { FAMFS, runProcess } from '../../support/famfs.js';
import { MIB, Sandbox } from '../../support/sandbox.js';

test('a relative path starts at the working directory', () => {
  assert.equal(hostPath({ cwd: '/a/b' }, 'c//./d'), '/a/b/c/d');
  assert.equal(hostPath({ cwd: '/a/b' }, '/c/'), '/c');
});

test('what .. means after a symbolic link is left to the kernel', async () => {
  const box = new Sandbox();
  mkdirSync(join(box.folder, 'far/away'), { recursive: true });
  symlinkSync('far/away', join(box.folder, 'link'));
  box.image('far/pool.img', 64 * MIB);
  await box.ok(['mkfs', 'link/../pool.img']);
  assert.match(await box.ok(['info', '--dev', 'far/pool.img']), /Master/);
});

for (const [what, argv] of [
  ['--dev', ['ls', '--dev', '']],
  ['one of several', ['fsck', '', 'a.img']],
  ['a DEV of mkfs', ['mkfs', '']],
  ['a DEV of daxdev add', ['daxdev', 'add', '--dev', 'a.img', '']],
] as const) {
  test(`an empty path is refused by name: ${what}`, async () => {
    const box = new Sandbox();
    const image = box.image('a.img', 64 * MIB);
    await box.ok(['mkfs', image]);
    const { exitCode, stderr } = await box.run(argv);
    assert.notEqual(exitCode, 0);
    assert.match(stderr, /option --dev: the value is empty|argument DEV is empty/);
  });
}

test('a path that is not UTF-8 is refused, wherever it comes from; in a folder of such a name relative paths work', async () => {
  const box = new Sandbox();
  await box.makeFs(64 * MIB);
  const odd = "$'odd-\\xff.img'";
  const script = (command: string) =>
    runProcess('bash', ['-c', `cd ${box.folder}; cp --sparse=always pool.img ${odd}; ${command}`], {
      ...box.env,
      FAMFS,
    });
  for (const command of [
    `$FAMFS ls --dev ${odd}`,
    `FAMFS_DEV=${odd} $FAMFS ls`,
    `$FAMFS fsck ${odd}`,
    `$FAMFS mkfs --force ${odd}`,
    `FAMFS_CONFIG=${odd} $FAMFS ls`,
    `FAMFS_SYSTEM_UUID_FILE=${odd} $FAMFS mkdir x`,
  ]) {
    const { exitCode, stderr } = await script(command);
    assert.ok(exitCode === 1 || exitCode === 8, `${command}: ${exitCode} ${stderr}`);
    assert.match(stderr, /is not UTF-8/, command);
  }
  const inside =
    "mkdir $'d\\xff'; cp --sparse=always pool.img $'d\\xff/'; cd $'d\\xff'; $FAMFS mkdir --dev pool.img inside; $FAMFS ls --dev pool.img";
  const { exitCode, stdout, stderr } = await script(`${inside}; $FAMFS ls --dev ../pool.img`);
  assert.deepEqual({ exitCode, stdout: stdout.replace(/^made.*\n/, '') }, { exitCode: 0, stdout: 'inside/\n' }, stderr);
});
