/** What contrib/ has for a host: each by the program that reads it there. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { before, test } from 'node:test';
import { FAMFS, GUARD } from '../support/famfs.js';
import { makeMountPoint, needsFuse } from '../support/realMount.js';
import { ROOT } from '../support/root.js';
import { MIB, Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox();
const [first, second] = ['p0.img', 'p1.img'].map((name) => sandbox.image(name, 64 * MIB)) as [string, string];
let fsUuid = '';

before(async () => {
  ({ fsUuid } = JSON.parse(await sandbox.ok(['mkfs', '--json', '--label', 'a b', first, second])));
});

function contrib(name: string): string {
  return readFileSync(join(ROOT, 'contrib', name), 'utf8');
}

const has = (program: string, ...argv: readonly string[]) => spawnSync(program, argv, GUARD).status === 0;

// what systemd lets udevd do with memory: prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN), of Linux 6.3
const REFUSE_EXEC = `import ctypes, os, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) != 0: sys.exit(77)
if len(sys.argv) > 1: os.execvp(sys.argv[1], sys.argv[1:])`;
const noMdwe = !has('python3', '-c', REFUSE_EXEC) && 'needs python3 and Linux 6.3';

test('the program of the udev rule runs where no memory becomes executable', { skip: noMdwe }, () => {
  const [, program = ''] = /^IMPORT\{program\}="(.*)"$/m.exec(contrib('udev/70-famfs.rules')) ?? [];
  const words = program.split(' ').flatMap((word) => {
    if (word === '/usr/bin/famfs') return [process.execPath, FAMFS];
    return word === '$devnode' ? [first] : [word];
  });
  const { stdout, stderr } = spawnSync('python3', ['-c', REFUSE_EXEC, ...words], { ...GUARD, encoding: 'utf8' });
  assert.match(stdout, /^ID_FS_LABEL_ENC=a\\x20b$/m, stderr);
  assert.match(stdout, new RegExp(`^ID_FS_UUID=${fsUuid}$`, 'm'));
});

test('file(1) names a daxdev', { skip: !has('file', '--version') && 'needs file(1)' }, () => {
  const named = (path: string) =>
    spawnSync('file', ['--brief', '--magic-file', join(ROOT, 'contrib/magic/famfs'), path], { encoding: 'utf8' })
      .stdout;
  assert.equal(named(first), `famfs file system, format 2.2, UUID=${fsUuid}\n`);
  assert.equal(named(second), `famfs file system, secondary daxdev, format 2.2, UUID=${fsUuid}\n`);
  assert.doesNotMatch(named(FAMFS), /famfs file system/);
});

test('systemd accepts the units', { skip: !has('systemd-analyze', '--version') && 'needs systemd' }, () => {
  const folder = join(sandbox.folder, 'units');
  mkdirSync(folder);
  // they would be refused on a host without the program
  for (const name of readdirSync(join(ROOT, 'contrib/systemd')))
    writeFileSync(join(folder, name), contrib(`systemd/${name}`).replaceAll('/usr/bin/famfs', FAMFS));
  const units = readdirSync(folder).map((name) => join(folder, name));
  const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], { encoding: 'utf8' });
  assert.equal(stdout + stderr, '');
});

const LISTEN = `import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); print('bound', flush=True)
while True: print(s.recv(4096).decode(), flush=True)`;

test('the unit of a mount is ready once it is mounted, and stopping it unmounts', needsFuse(), async (t) => {
  if (!has('python3', '--version')) return t.skip('needs python3');
  const socket = join(sandbox.folder, 'notify');
  const listener = spawn('python3', ['-c', LISTEN, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => listener.kill());
  const notes = createInterface(listener.stdout)[Symbol.asyncIterator]();
  assert.equal((await notes.next()).value, 'bound');
  const mountPoint = makeMountPoint(sandbox);
  const [, start = ''] = /^ExecStart=(.*)$/m.exec(contrib('systemd/famfs-mount@.service')) ?? [];
  const values: Record<string, string> = { '/usr/bin/famfs': FAMFS, '%f': mountPoint, '${FAMFS_MOUNT_OPTIONS}': 'rw' };
  const [program = '', ...argv] = start.split(' ').map((word) => values[word] ?? word);
  const env = { ...process.env, ...sandbox.env, FAMFS_SYSROOT: '', FAMFS_DEV: first, NOTIFY_SOCKET: socket };
  const server = spawn(program, argv, { env, stdio: 'ignore', ...GUARD });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  assert.equal((await notes.next()).value, 'READY=1');
  writeFileSync(join(mountPoint, 'new'), 'bytes\n');
  server.kill('SIGTERM');
  assert.equal((await notes.next()).value, 'STOPPING=1');
  assert.equal(await ended, 0);
  assert.equal(has('mountpoint', '-q', mountPoint), false);
  const copy = join(sandbox.folder, 'copy');
  await sandbox.ok(['get', '--dev', first, 'new', copy]);
  assert.equal(readFileSync(copy, 'utf8'), 'bytes\n');
});
