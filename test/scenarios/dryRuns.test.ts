/** --dry-run says what would be done and changes nothing; --wait and --no-wait bound the wait for the lock. */
import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CpDocument } from '../../src/commands/cp.js';
import type { CreatDocument } from '../../src/commands/creat.js';
import type { GetDocument } from '../../src/commands/get.js';
import { program } from '../../src/commands/index.js';
import type { MkdirDocument } from '../../src/commands/mkdir.js';
import { MappedDevice } from '../../src/native/device.js';
import { longNames } from '../../src/ui/optionNames.js';
import { loadAll } from '../../src/ui/registry.js';
import { pokeHeader } from '../support/patch.js';
import { firstBytes, MIB, OTHER_UUID, Sandbox, sandboxWithFs } from '../support/sandbox.js';
import { Snapshot } from '../support/snapshot.js';

test('mkdir, creat and cp -n plan as they would work, and write nothing', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '4M', 'there']);
  const path = sandbox.env.FAMFS_DEV as string;
  const before = readFileSync(path);
  mkdirSync(join(sandbox.folder, 'tree/sub'), { recursive: true });
  writeFileSync(join(sandbox.folder, 'tree/sub/f'), 'abc');

  const made = await sandbox.json<MkdirDocument>(['mkdir', '-n', '-p', 'a/b']);
  assert.deepEqual(
    [made.written, made.directories.map(({ path: name, slot, created }) => [name, slot, created])],
    [
      false,
      [
        ['a', 1, true],
        ['a/b', 2, true],
      ],
    ],
  );
  assert.equal(await sandbox.ok(['mkdir', '-n', 'a']), 'would make a\n');
  const files = ['creat', '-n', '--exist-ok', '-s', '4M', '--seed', '1', 'there', 'new'];
  const planned = await sandbox.json<CreatDocument>(files);
  assert.deepEqual(
    [planned.written, planned.files.map(({ slot, created, extents }) => [slot, created, extents.length])],
    [
      false,
      [
        [0, false, 1],
        [1, true, 1],
      ],
    ],
  );
  assert.equal(await sandbox.ok(files), 'there exists\nwould make new\n');
  const copied = await sandbox.json<CpDocument>(['cp', '-n', '-r', 'tree', '/']);
  assert.ok(copied.direction === 'in');
  assert.deepEqual([copied.written, copied.directories, copied.files[0]?.path], [false, 2, 'tree/sub/f']);
  assert.equal(await sandbox.ok(['cp', '-n', '-r', 'tree', '/']), 'would copy 1 file, 3\n');

  const refused: [code: string, argv: string[]][] = [
    ['EXISTS', ['creat', '-n', '-s', '1M', 'there']],
    ['NO_SPACE', ['creat', '-n', '-s', '1G', 'big']],
    ['NO_PARENT', ['mkdir', '-n', 'x/y']],
  ];
  for (const [code, argv] of refused) assert.equal((await sandbox.error(argv)).code, code, argv.join(' '));
  // a Client, and beside a writer
  sandbox.becomeHost(OTHER_UUID);
  await sandbox.ok(files);
  assert.ok(readFileSync(path).equals(before));
});

/** Each command that changes something, and what its text says. */
const DRY_RUNS: readonly (readonly [line: string, said: RegExp])[] = [
  ['mkfs -n blank.img', /blank\.img: famfs \S+ would be made/],
  ['mkfs -n -f -k pool.img', /would be killed/],
  ['apply -n manifest.yaml', /1 to make/],
  ['mkdir -n new', /^would make new$/m],
  ['creat -n -s 2M new', /^would make new$/m],
  ['creat -n -s 2M --seed 1 new', /^would make new$/m],
  ['clone -n --to blank.img', /would be made/],
  ['cp -n -r tree new', /would copy 2 files/],
  ['cp -n --out -r d tree', /would copy 1 file, 4K/],
  ['get -n -v f d/g tree', /^f -> .*tree\/f\nd\/g -> .*tree\/g\nwould copy 2 files, 2M/],
  ['get -n -r / new', /would copy 2 files/],
  ['flush -n f', /^would write back 1 file, 2M\n$/],
  ['flush -n --invalidate f d/g', /^would invalidate 2 files/],
  ['logplay -n', /make file|f/],
  ['logplay -n -S shadow', /root\/d\/g: MISSING/],
  ['daxdev add -n blank.img', /would be added as daxdev 2/],
  ['daxdev remove -n 1', /would be removed/],
  ['daxdev replace -n 1 blank.img', /would be/],
  ['daxdev resize -n 1', /as recorded/],
  ['rm -n f', /not written/],
  ['mv -n f h', /not written/],
  ['chmod -n 600 f', /not written/],
  ['chown -n 7 f', /not written/],
  ['truncate -n -s 1M f', /not written/],
  ['log compact -n', /unchanged|not written/],
  ['fsck -n', /clean/],
  ['fsck --dry-run', /clean/],
  ['undo -n repairs.undo', /would be restored/],
  ['restore -n --to new pool.fmd', /2 images would be made/],
  ['restore -n --onto pool.fmd', /would be put back/],
  ['config set -n --file new.conf interleave.stripes 4', /^would change .*new\.conf/],
  ['config migrate -n old.conf', /would be:/],
  ['mount --dry-run point', /^would mount \S+pool\.img on \S+point \(Master, 2 files\)$/m],
  ['umount -n mounted', /^would unmount \S+mounted$/m],
];

/** A pool of two daxdevs with all that the lines above name. Its last append was cut off before the header counted it. */
async function standForDryRuns(): Promise<Sandbox> {
  const sandbox = new Sandbox();
  const pool = await sandbox.makeFs(32 * MIB);
  await sandbox.ok(['daxdev', 'add', sandbox.image('second.img', 16 * MIB)]);
  sandbox.image('blank.img', 32 * MIB);
  for (const name of ['tree/sub', 'shadow', 'point', 'mounted', 'sysroot/proc/self'])
    mkdirSync(join(sandbox.folder, name), { recursive: true });
  writeFileSync(join(sandbox.folder, 'old.conf'), '[output]\njson = no\n');
  for (const name of ['tree/a', 'tree/sub/b']) writeFileSync(join(sandbox.folder, name), 'abc');
  await sandbox.ok(['dump', '-o', 'pool.fmd']);
  await sandbox.ok(['creat', '-s', '2M', '--seed', '1', 'f']);
  await sandbox.ok(['mkdir', 'd']);
  await sandbox.ok(['creat', '-s', '4K', '--zero', 'd/g']);
  writeFileSync(join(sandbox.folder, 'manifest.yaml'), 'formatVersion: 1\nfiles:\n  - path: new\n    size: 2M\n');
  changeHeader(pool, 'lastIndex', 5);
  await sandbox.run(['fsck', '-y', '--undo', 'repairs.undo']);
  return sandbox;
}

test('a dry run of any command changes nothing: no byte, no file, no time of change', async () => {
  const sandbox = await standForDryRuns();
  const mounted = join(sandbox.folder, 'mounted');
  const table = `1 0 0:1 / ${mounted} rw - fuse.famfs /dev/dax0.0 rw\n`;
  for (const [line, said] of DRY_RUNS) {
    const isUmount = line.startsWith('umount');
    writeFileSync(join(sandbox.folder, 'sysroot/proc/self/mountinfo'), isUmount ? table : '');
    const before = new Snapshot(sandbox.folder);
    const { exitCode, stdout, stderr } = await sandbox.run(line.split(' '));
    assert.match(stdout, said, `${line}: ${stderr}`);
    assert.equal(exitCode, 0, line);
    const { written = false } = await sandbox.json<{ written?: boolean }>(line.split(' '));
    assert.equal(written, false, line);
    assert.deepEqual(before.changes(), [], line);
  }
});

test('every command that changes something has a dry run, which is tried above', async () => {
  const commands = (await loadAll(program.commands)).filter(({ changes }) => changes);
  assert.ok(commands.length >= 25, String(commands.length));
  for (const { name, options } of commands) {
    const names = Object.entries(options).flatMap(([key, spec]) => longNames(key, spec));
    assert.ok(names.includes('dry-run'), `${name} has no --dry-run`);
    // its devices are in a tree of their own
    if (name !== 'daxdev mode')
      assert.ok(
        DRY_RUNS.some(([line]) => line.startsWith(`${name} `)),
        `${name} is not tried`,
      );
  }
});

test('a dry run leaves an append that was cut off as it is', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['mkdir', 'a']);
  changeHeader(sandbox.env.FAMFS_DEV as string, 'nextIndex', 0);
  sandbox.image('more.img', 16 * MIB);
  const before = new Snapshot(sandbox.folder);
  for (const line of ['daxdev add -n more.img', 'mkdir -n b', 'creat -n -s 4K c', 'flush -n'])
    await sandbox.run(line.split(' '));
  assert.deepEqual(before.changes(), []);
});

test('get -n reports what is in the way, and what may not be written to', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['mkdir', 'd']);
  await sandbox.ok(['creat', '-s', '4K', 'd/f', 'd/g']);
  const target = join(sandbox.folder, 'there');
  mkdirSync(join(target, 'd/f'), { recursive: true });
  const { exitCode, stdout, stderr } = await sandbox.run(['get', '-n', '-r', 'd', 'there', '--json']);
  const { files, failed, written } = JSON.parse(stdout) as GetDocument;
  assert.deepEqual([exitCode, written, files.map(({ path }) => path)], [1, false, ['d/g']]);
  assert.deepEqual(
    failed.map(({ code }) => code),
    ['IN_THE_WAY'],
  );
  assert.match(stderr, /d\/f is a directory; a file was to be copied there/);
  symlinkSync('/', join(target, 'link'));
  await sandbox.ok(['mkdir', 'link']);
  assert.equal((await sandbox.error(['get', '-n', '-r', 'link', 'there'])).code, 'IN_THE_WAY');
  assert.equal((await sandbox.error(['get', '-n', 'd/f', sandbox.env.FAMFS_DEV as string])).code, 'IS_THE_IMAGE');
  assert.equal((await sandbox.error(['get', '-n', 'd/f', 'nowhere/x'])).code, 'NO_DIRECTORY');
  assert.equal((await sandbox.error(['get', '-n', 'd/f', '-'])).code, 'USAGE');
});

test('a dry run is refused as the command would be', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  mkdirSync(join(sandbox.folder, 'sysroot/proc/self'), { recursive: true });
  writeFileSync(join(sandbox.folder, 'sysroot/proc/self/mountinfo'), '');
  const refused: [code: string, line: string][] = [
    ['NO_ENTRY', 'flush -n missing'],
    ['NOT_A_MOUNT', 'umount -n .'],
    ['MOUNT_POINT', 'mount --dry-run nowhere'],
    ['MOUNT_POINT', 'mount --dry-run pool.img'],
    ['NO_DIRECTORY', 'mount --dry-run --staging nowhere .'],
    ['DEVICE_OPEN', 'mount --dry-run --dev none.img .'],
    ['USAGE', 'mount --dry-run --list'],
    ['USAGE', 'mount --dry-run /dev/fd/9'],
    ['USAGE', 'logplay -n -f -S shadow'],
    ['USAGE', 'daxdev mode -n'],
  ];
  for (const [code, line] of refused) assert.equal((await sandbox.error(line.split(' '))).code, code, line);
});

function changeHeader(path: string, field: string, value: number): void {
  const bytes = firstBytes(path, 4 * MIB);
  pokeHeader(bytes, field, value);
  const fd = openSync(path, 'r+');
  writeSync(fd, bytes, 2 * MIB, 4096, 2 * MIB);
  closeSync(fd);
}

test('--no-wait and --wait give up on the lock, and change nothing', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  const path = sandbox.env.FAMFS_DEV as string;
  const other = MappedDevice.open(path, { writable: true });
  assert.ok(other.lock('exclusive', false));
  try {
    const writers = [
      ['mkdir', 'a'],
      ['creat', '-s', '1M', 'b'],
      ['rm', '--clients-unmounted', 'x'],
      ['fsck', '-y'],
    ];
    for (const argv of writers) {
      const error = await sandbox.error([...argv, '--no-wait']);
      assert.equal(error.code, 'BUSY', argv.join(' '));
      assert.match(error.hint ?? '', /--wait SECONDS/);
    }
    assert.match((await sandbox.error(['--wait', '1', 'mkdir', 'a'])).message, /still is after 1 s/);
    assert.match((await sandbox.error(['fsck', '-y', '--wait', '1'])).message, /still is after 1 s/);
    await sandbox.ok(['mkdir', '-n', '--no-wait', 'a']);
    const late = sandbox.ok(['mkdir', '--wait', '60', 'a']);
    setTimeout(() => other.unlock(), 200);
    await late;
  } finally {
    other.close();
  }
  assert.deepEqual(
    (await sandbox.entries()).map(({ path: name }) => name),
    ['a'],
  );
  assert.equal((await sandbox.error(['mkdir', '--wait', 'x', 'c'])).code, 'USAGE');
});
