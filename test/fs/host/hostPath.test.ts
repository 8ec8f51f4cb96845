/** Paths of this host: kept as they are, or refused. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostPath } from '../../../src/fs/host/hostPath.js';
import { FAMFS, runProcess, shellIn } from '../../support/famfs.js';
import { PoolSandbox } from '../../support/pool.js';
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

/** The scripts below are bash's: there is no other way to an argument that is not UTF-8. */
async function succeeds(box: Sandbox, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await shellIn(box, `set -e; ${script}`);
  assert.equal(exitCode, 0, `${script}: ${stderr}`);
  return stdout;
}

test('files of this host whose names are not UTF-8 are copied, byte for byte of their names', async () => {
  const box = new Sandbox();
  await box.makeFs(64 * MIB);
  await succeeds(
    box,
    `export O=$'\\xff' R=$'\\xef\\xbf\\xbd'
     mkdir src$O; echo right > src$O/in$O; ln -s src$O link
     # what they would be taken for
     mkdir src$R; echo wrong > src$R/in$R; echo wrong > src$O/in$R
     $FAMFS cp src$O/in$O a; [ "$($FAMFS cat a)" = right ]
     $FAMFS cp link/in$O b; [ "$($FAMFS cat b)" = right ]
     (cd src$O; $FAMFS cp in$O c); [ "$($FAMFS cat c)" = right ]
     mkfifo pipe$O; echo right > pipe$O & $FAMFS cp -s 6 pipe$O d; [ "$($FAMFS cat d)" = right ]
     echo 'e 2M' > list$O; $FAMFS creat --from list$O; $FAMFS stat e
     printf 'f\\0002M\\0\\0' > list0$O; $FAMFS creat --from0 list0$O; $FAMFS stat f
     $FAMFS showfmap --format v2 --raw a > map$O; $FAMFS fmap decode map$O
     mkdir out$O out$R; $FAMFS get a out$O/; [ "$(cat out$O/a)" = right ]
     $FAMFS get a out$O/x$O; [ "$(cat out$O/x$O)" = right ]
     ln -s out$O/x$O toX; rm out$O/x$O; echo old > out$O/x$O; $FAMFS cp --out a toX; [ "$(cat out$O/x$O)" = right ]
     (cd out$O; $FAMFS get a y$O); [ "$(cat out$O/y$O)" = right ]
     [ -z "$(ls out$R)" ]; ! ls -d x$R y$R out$O/*$R`,
  );
});

test('where a name is used as text, one that is not UTF-8 is refused: shadow trees, folders and files of a mount, variables', async () => {
  const box = new Sandbox();
  await box.makeFs(64 * MIB);
  await succeeds(box, "mkdir $'odd\\xff' $'odd\\xef\\xbf\\xbd' place");
  for (const command of [
    "$FAMFS logplay --shadow $'odd\\xff'",
    "$FAMFS logplay --check --shadow $'odd\\xff'",
    "$FAMFS mount --staging $'odd\\xff' pool.img place",
    "$FAMFS mount -o staging=$'odd\\xff' pool.img place",
    "$FAMFS mount --log $'odd\\xff' pool.img place",
    "$FAMFS mount pool.img $'odd\\xff'",
    "$FAMFS umount $'odd\\xff'",
    "FAMFS_SYSROOT=$'odd\\xff' $FAMFS ls",
    "XDG_CONFIG_HOME=$PWD/$'odd\\xff' $FAMFS ls",
    "HOME=$PWD/$'odd\\xff' XDG_CONFIG_HOME= $FAMFS ls",
  ]) {
    const { exitCode, stderr } = await shellIn(box, command);
    assert.notEqual(exitCode, 0, command);
    assert.match(stderr, /is not UTF-8/, command);
  }
  assert.equal(await succeeds(box, "ls $'odd\\xff' $'odd\\xef\\xbf\\xbd' | grep -v :$ | tr -d '\\n'"), '');
});

test('a mount point whose name is not UTF-8 keeps the members of its pool from being written', async () => {
  const box = new PoolSandbox();
  const [primary = '', secondary = ''] = await box.makePool(64, 64);
  const sysroot = box.env.FAMFS_SYSROOT as string;
  await succeeds(
    box,
    `mkdir -p ${sysroot}/proc $'at\\xff/.meta'; head -c 4096 ${primary} > $'at\\xff/.meta/.superblock'
     printf '/dev/elsewhere %s/at\\xff famfs rw 0 0\\n' "$PWD" > ${sysroot}/proc/mounts`,
  );
  for (const argv of [
    ['mkfs', '--force', secondary],
    ['fsck', '-y', primary],
    ['daxdev', 'add', '--force', secondary],
  ])
    assert.equal((await box.error(argv)).code, 'MOUNTED', argv.join(' '));
});
