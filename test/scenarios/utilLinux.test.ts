/** fsck(8), mkfs(8) and mount(8) of util-linux, which run fsck.famfs, mkfs.famfs and mount.famfs. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { InfoDocument } from '../../src/commands/info.js';
import { FAMFS, shellIn } from '../support/famfs.js';
import { PoolSandbox } from '../support/pool.js';
import { makeMountPoint, whyNoFuse } from '../support/realMount.js';
import { MIB } from '../support/sandbox.js';

/** Where a program of util-linux is; skips a test without it. */
function needs(program: string): { skip: string | false } {
  const found = ['/sbin', '/usr/sbin', '/bin', '/usr/bin'].some((folder) => existsSync(join(folder, program)));
  return { skip: !found && `there is no ${program}(8)` };
}

/** A file system, with the program linked as fsck.famfs, mkfs.famfs and mount.famfs in `bin`. */
async function stand(): Promise<PoolSandbox> {
  const sandbox = new PoolSandbox();
  await sandbox.makeFs(64 * MIB);
  // mounts are those of this host
  delete sandbox.env.FAMFS_SYSROOT;
  mkdirSync(sandbox.path('bin'));
  for (const name of ['fsck', 'mkfs', 'mount']) symlinkSync(FAMFS, sandbox.path(`bin/${name}.famfs`));
  return sandbox;
}

const inPath = (sandbox: PoolSandbox, words: string) =>
  shellIn(sandbox, `PATH=$PWD/bin:$PATH:/sbin:/usr/sbin ${words} </dev/null`);

test('fsck -t famfs: its own options, those that it passes on, and its exit codes', needs('fsck'), async () => {
  const sandbox = await stand();
  const path = sandbox.env.FAMFS_DEV as string;
  const fsck = (words: string) => inPath(sandbox, `fsck ${words}`);
  assert.match((await fsck(`-N -t famfs ${path}`)).stdout, / fsck\.famfs \S+pool\.img/);
  const own = await fsck(`-M -P -R -T -V -l -C5 -r -t famfs ${path} 5>&2`);
  assert.equal(own.exitCode, 0, own.stderr);
  assert.match(own.stdout, /: clean\n/);
  const after = await fsck(`-t famfs ${path} -- -f -C5 5>&2`);
  assert.match(after.stderr, /^1 0 1 .*\n1 1 1 /m);
  // a name without a slash in front is no device to fsck(8): it checks nothing
  assert.doesNotMatch((await fsck('-t famfs pool.img')).stdout, /clean/);
  const damage = () => sandbox.damage(path, 'flags', 7);
  damage();
  for (const [option, exitCode] of [
    ['-n', 4],
    ['-p', 1],
    ['-n', 0],
  ] as const)
    assert.equal((await fsck(`${option} -t famfs ${path}`)).exitCode, exitCode, option);
  for (const option of ['-a', '-y']) {
    damage();
    assert.equal((await fsck(`${option} -t famfs ${path}`)).exitCode, 1, option);
  }
});

test('fsck -A: lines of fstab, by path and by the beginning of a uuid', needs('fsck'), async () => {
  const sandbox = await stand();
  const path = sandbox.env.FAMFS_DEV as string;
  const { fsUuid } = await sandbox.json<InfoDocument>(['info']);
  writeFileSync(
    sandbox.path('fstab'),
    `${path} /a famfs defaults 0 1\nUUID=${fsUuid.slice(0, 13)} /b famfs defaults 0 2\n`,
  );
  const all = await inPath(sandbox, 'FSTAB_FILE=$PWD/fstab fsck -A -T');
  assert.equal(all.exitCode, 0, all.stderr);
  assert.equal(all.stdout.match(/: clean$/gm)?.length, 2);
});

test('mkfs -t famfs: the device and what follows it', needs('mkfs'), async () => {
  const sandbox = await stand();
  const blank = sandbox.image('blank.img', 64 * MIB);
  const made = await inPath(sandbox, `mkfs -t famfs -L data ${blank}`);
  assert.equal(made.exitCode, 0, made.stderr);
  assert.equal((await sandbox.json<InfoDocument>(['info', blank])).label, 'data');
  // mkfs(8) takes blocks after the device, which famfs has none of
  const blocks = await inPath(sandbox, `mkfs -t famfs ${sandbox.image('other.img', 64 * MIB)} 1000`);
  assert.notEqual(blocks.exitCode, 0);
  assert.match(blocks.stderr, /1000/);
});

test('mount.famfs -f checks everything and mounts nothing, as mount -f means it', {
  skip: whyNoFuse() ?? false,
}, async () => {
  const sandbox = await stand();
  const point = makeMountPoint(sandbox);
  const faked = await inPath(sandbox, `timeout 60 mount.famfs ${sandbox.env.FAMFS_DEV} ${point} -f -o rw`);
  assert.equal(faked.exitCode, 0, faked.stderr);
  assert.ok(!readFileSync('/proc/mounts', 'utf8').includes(` ${point} `));
});

// mount(8) runs helpers of /sbin only, so this one lies over it in a mount namespace of its own
const OVERLAID =
  'mount -t tmpfs tmpfs over && mkdir over/u over/w && ln -s "$FAMFS" over/u/mount.famfs && ' +
  'mount -t overlay overlay -o lowerdir=/usr/sbin,upperdir=over/u,workdir=over/w /usr/sbin';

function whyNoMount(): string | false {
  if (process.geteuid?.() !== 0) return 'only root can put mount.famfs into /sbin';
  return whyNoFuse() ?? needs('unshare').skip;
}

test('mount -t famfs: its options, -r, -f, and a line of fstab', { skip: whyNoMount() }, async (t) => {
  const sandbox = await stand();
  const path = sandbox.env.FAMFS_DEV as string;
  mkdirSync(sandbox.path('over'));
  mkdirSync(sandbox.path('mnt'));
  const point = sandbox.path('mnt');
  writeFileSync(sandbox.path('fstab'), `${path} ${point} famfs ro,nofail,_netdev,x-systemd.automount 0 2\n`);
  const steps = [
    `mount -f -t famfs ${path} ${point} && echo "fake: $(grep -c ' ${point} ' /proc/mounts)"`,
    `mount -v -r -t famfs -o noatime ${path} ${point} && grep ' ${point} ' /proc/mounts && umount ${point}`,
    `mount -T fstab ${point} && grep ' ${point} ' /proc/mounts && umount ${point}`,
  ];
  const script = `${OVERLAID} || exit 99\n${steps.join('\n')}`;
  writeFileSync(sandbox.path('script'), script);
  const run = await shellIn(sandbox, 'unshare -m bash ./script');
  if (run.exitCode === 99) return t.skip('no overlay over /usr/sbin can be mounted here');
  assert.equal(run.exitCode, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /^fake: 0$/m);
  assert.equal(run.stdout.match(/ fuse\.famfs ro,/g)?.length, 2, run.stdout);
});
