/** Mounting as another user than root, by fusermount3, and what a server in the background tells the system log. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAMFS } from '../../support/famfs.js';
import { PoolSandbox } from '../../support/pool.js';
import { makeMountPoint, needsFuse, type ProgramRun, runIn, sh } from '../../support/realMount.js';

const NOBODY = 65534;
const SET_USER_ID = 0o4000;
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];

const sandbox = new PoolSandbox();
const [primary = ''] = await sandbox.makePool(24);
const theirs = join(sandbox.folder, 'theirs');
mkdirSync(theirs);
chownSync(theirs, NOBODY, NOBODY);
chmodSync(sandbox.folder, 0o711);

/** Runs the program as a user who is not root, with files and settings of that user. */
function asNobody(argv: readonly string[], settings: readonly string[] = []): ProgramRun {
  const own = [
    `HOME=${theirs}`,
    `FAMFS_DEV=${theirs}/pool.img`,
    `FAMFS_SYSTEM_UUID_FILE=${theirs}/uuid`,
    `TMPDIR=${theirs}`,
  ];
  return runIn(sandbox, AS_NOBODY[0] as string, [...AS_NOBODY.slice(1), 'env', ...own, ...settings, ...argv]);
}

function whyNotAsNobody(): string | false {
  const { skip } = needsFuse();
  if (skip !== false) return skip;
  if (spawnSync('setpriv', ['--version']).error !== undefined) return 'setpriv is not installed';
  const { stdout } = spawnSync('sh', ['-c', 'command -v fusermount3'], { encoding: 'utf8' });
  if (stdout === '') return 'fusermount3 is not installed';
  if ((statSync(stdout.trim()).mode & SET_USER_ID) === 0) return 'fusermount3 is not installed for all users';
  if ((statSync('/dev/fuse').mode & 0o006) !== 0o006) return '/dev/fuse is not for all users';
  if (asNobody([FAMFS, '--version']).exitCode !== 0) return 'the program cannot be read by all users';
  return false;
}

const asUser = { skip: whyNotAsNobody() };

test('another user mounts by fusermount3, and only that user gets in', asUser, () => {
  const ok = (...argv: string[]) => {
    const { exitCode, stdout, stderr } = asNobody(argv);
    assert.equal(exitCode, 0, `${argv.join(' ')}: ${stderr}`);
    return stdout;
  };
  // what somebody else has mounted may be out of reach
  const hidden = join(sandbox.folder, 'hidden');
  mkdirSync(hidden, { mode: 0o700 });
  sh(
    sandbox,
    `cp --sparse=always ${primary} ${hidden}/; ${FAMFS} mount --quiet --dev ${hidden}/p0.img ${makeMountPoint(sandbox)}`,
  );
  const point = makeMountPoint(sandbox);
  chownSync(point, NOBODY, NOBODY);
  ok(FAMFS, 'mkfs', '--quiet', '--size', '64M', `${theirs}/pool.img`);
  ok(FAMFS, 'creat', '--quiet', '-s', '3000001', '--seed', '1', 'weights');
  const { readOnly, role } = JSON.parse(ok(FAMFS, 'mount', '--json', point));
  assert.deepEqual([readOnly, role], [false, 'Master']);
  const row = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .find((line) => line.includes(point));
  assert.match(row ?? '', / fuse\.famfs rw,nosuid,nodev,.*user_id=65534,group_id=65534,default_permissions/);
  assert.doesNotMatch(row ?? '', /allow_other/);
  assert.equal(ok('cmp', `${point}/weights`, `${point}/weights`), '');
  ok('bash', '-ec', `mkdir ${point}/new; head -c 100000 /dev/urandom >${point}/new/file; sync ${point}`);
  assert.throws(() => statSync(join(point, 'weights')), { code: 'EACCES' });
  ok(FAMFS, 'umount', point);
  assert.doesNotMatch(readFileSync('/proc/mounts', 'utf8'), new RegExp(point));
  assert.match(ok(FAMFS, 'ls', '-R'), /file/);
  assert.equal(asNobody([FAMFS, 'fsck', '-n']).exitCode, 0);
});

test('without fusermount3, another user learns what to install', asUser, () => {
  const point = makeMountPoint(sandbox);
  chownSync(point, NOBODY, NOBODY);
  asNobody([FAMFS, 'mkfs', '--quiet', '--force', '--size', '64M', `${theirs}/pool.img`]);
  const node = realpathSync(process.execPath);
  for (const option of ['--quiet', '--dry-run']) {
    const { exitCode, stderr } = asNobody([node, FAMFS, 'mount', option, point], ['PATH=/nowhere']);
    assert.equal(exitCode, 1);
    assert.match(stderr, /fusermount3 is not installed, and only root mounts without it[\s\S]*apt-get install fuse3/);
  }
});

/** Gives this process a /dev of its own, where it listens as the system log does, and mounts. */
const LISTENING = `
mkdir dev
mount -t tmpfs -o dev tmpfs dev
cp -a /dev/null /dev/zero /dev/urandom /dev/fuse dev/
ln -s /proc/self/fd dev/fd
mount --bind dev /dev
python3 -c "
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind('/dev/log'); s.settimeout(60); print('bound', flush=True)
print(s.recv(4096).decode(), flush=True)" >log &
listener=$!
until grep -q bound log; do sleep 0.05; done
"$0" mount --quiet "$1"
! dd if=/dev/zero of="$1/large" bs=1M count=24 status=none
"$0" umount "$1"
wait $listener
`;

test('a server in the background writes to the system log', needsFuse(), (t) => {
  for (const program of ['python3', 'unshare'])
    if (spawnSync(program, ['--version']).error !== undefined) return t.skip(`${program} is not installed`);
  const point = makeMountPoint(sandbox);
  const { exitCode, stderr } = runIn(sandbox, 'unshare', ['-m', 'bash', '-ec', LISTENING, FAMFS, point]);
  assert.equal(exitCode, 0, stderr);
  // facility daemon (3), level notice (5)
  assert.match(readFileSync(join(sandbox.folder, 'log'), 'utf8'), /^bound\n<29>famfs\[\d+\]: .*large.*room/);
  assert.equal(sh(sandbox, `mount | grep -c ${point} || true`), '0\n');
});
