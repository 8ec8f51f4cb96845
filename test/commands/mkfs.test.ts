import assert from 'node:assert/strict';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { viewOf } from '../../src/format/struct.js';
import { superblockStruct } from '../../src/format/superblock.js';
import { MappedDevice, type MemoryObserver, observeMemory } from '../../src/native/device.js';
import { makeFolder } from '../native/scratch.js';
import { goldenBytes } from '../support/golden.js';
import { pokeSuperblock } from '../support/patch.js';
import { GIB, MIB, OWN_UUID, Sandbox } from '../support/sandbox.js';

const OTHER_UUID = '99999999-8888-4777-8666-555555555555';

function head(path: string, length = 12 * MIB): Buffer {
  const bytes = Buffer.alloc(length);
  const fd = openSync(path, 'r');
  readSync(fd, bytes, 0, length, 0);
  closeSync(fd);
  return bytes;
}

function patch(path: string, offset: number, bytes: Uint8Array): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, bytes, 0, bytes.length, offset);
  closeSync(fd);
}

test('mkfs writes the bytes that the reference writes, except for uuids and device name', async () => {
  const sandbox = new Sandbox();
  const path = sandbox.image('g1.img', 4 * GIB);
  await sandbox.ok(['mkfs', path]);
  const device = MappedDevice.open(path, { writable: false });
  const ours = device.read(0, 10 * MIB);
  device.close();
  const theirs = goldenBytes('g1');
  const fields = superblockStruct.read(viewOf(theirs), 0);
  for (const name of ['fsUuid', 'deviceUuid', 'systemUuid', 'deviceName'] as const)
    pokeSuperblock(ours, name, fields[name]);
  assert.ok(ours.equals(theirs.subarray(0, 10 * MIB)));
});

test('the host becomes the Master, even if it had no uuid yet', async () => {
  const sandbox = new Sandbox();
  sandbox.env.FAMFS_SYSTEM_UUID_FILE = join(sandbox.folder, 'deep/famfs/system_uuid');
  const made = await sandbox.json<{ systemUuid: string }>(['mkfs', sandbox.image('a.img', 64 * MIB)]);
  const file = sandbox.env.FAMFS_SYSTEM_UUID_FILE;
  assert.equal(readFileSync(file, 'latin1'), `${made.systemUuid}\0`);
  assert.equal(statSync(file).mode & 0o777, 0o444);
  const again = await sandbox.json<{ systemUuid: string }>(['mkfs', sandbox.image('b.img', 64 * MIB)]);
  assert.equal(again.systemUuid, made.systemUuid);
});

test('a small device gets one warning', async () => {
  const sandbox = new Sandbox();
  const { exitCode, stderr } = await sandbox.run(['mkfs', sandbox.image('small.img', 12 * MIB)]);
  assert.equal(exitCode, 0);
  assert.equal(stderr.match(/4 GiB/g)?.length, 1);
});

test('sizes that cannot hold superblock, log and one allocation unit are refused', async () => {
  const sandbox = new Sandbox();
  const path = sandbox.image('tiny.img', 12 * MIB - 1);
  const error = await sandbox.error(['mkfs', path]);
  assert.equal(error.code, 'TOO_SMALL');
  assert.match(error.message, /12582912/);
  assert.ok(head(path).every((byte) => byte === 0));
  assert.equal((await sandbox.error(['mkfs', '--loglen', '16M', sandbox.image('b.img', 12 * MIB)])).code, 'TOO_SMALL');
  assert.equal((await sandbox.error(['mkfs', sandbox.image('empty.img', 0)])).code, 'DEVICE_OPEN');
});

for (const [length, exitCode, code] of [
  ['4M', 1, 'BAD_LOG_LENGTH'],
  ['9M', 1, 'BAD_LOG_LENGTH'],
  ['12M', 1, 'BAD_LOG_LENGTH'],
  ['0', 1, 'BAD_LOG_LENGTH'],
  ['8M', 0],
  ['16MiB', 0],
  ['64M', 0],
  ['8MB', 2, 'USAGE'],
  ['x', 2, 'USAGE'],
  ['', 2, 'USAGE'],
] as const) {
  test(`--loglen '${length}' exits ${exitCode}`, async () => {
    const sandbox = new Sandbox();
    const path = sandbox.image('a.img', 2 * GIB);
    const run = await sandbox.run(['mkfs', '--loglen', length, path]);
    assert.equal(run.exitCode, exitCode, run.stderr);
    if (code === undefined) await sandbox.ok(['fsck', path]);
    else assert.equal((await sandbox.error(['mkfs', '--loglen', length, path])).code, code);
    if (code !== undefined) assert.ok(head(path).every((byte) => byte === 0));
  });
}

test('a famfs of this host needs --force', async () => {
  const sandbox = new Sandbox();
  const path = await sandbox.makeFs();
  await sandbox.ok(['creat', '-s', '2M', 'old']);
  const before = head(path);
  const error = await sandbox.error(['mkfs', path]);
  assert.equal(error.code, 'HAS_FAMFS');
  assert.match(error.message, /this host/);
  assert.match(error.hint ?? '', /--force/);
  assert.ok(head(path).equals(before));
  await sandbox.ok(['mkfs', '--force', path]);
  assert.equal(await sandbox.ok(['ls']), '');
  assert.match(await sandbox.ok(['fsck', path]), /clean/);
});

test('a famfs of another host needs --force twice', async () => {
  const sandbox = new Sandbox(OTHER_UUID);
  const path = await sandbox.makeFs();
  sandbox.becomeHost(OWN_UUID);
  for (const force of [[], ['--force']]) {
    const error = await sandbox.error(['mkfs', ...force, path]);
    assert.equal(error.code, 'OTHER_HOST');
    assert.match(error.message, new RegExp(OTHER_UUID));
  }
  await sandbox.ok(['mkfs', '-ff', path]);
  assert.equal((await sandbox.json<{ role: string }>(['info'])).role, 'Master');
});

test('a superblock of another version, and a damaged one, need --force', async () => {
  for (const damage of [
    (i: Buffer) => pokeSuperblock(i, 'version', 47),
    (i: Buffer) => pokeSuperblock(i, 'version', 48, false),
  ]) {
    const sandbox = new Sandbox();
    const path = await sandbox.makeFs();
    const bytes = head(path, 200);
    damage(bytes);
    bytes.writeUInt8(bytes.readUInt8(96) ^ 1, 96);
    patch(path, 0, bytes);
    assert.equal((await sandbox.error(['mkfs', path])).code, 'HAS_FAMFS');
    await sandbox.ok(['mkfs', '--force', path]);
  }
});

for (const [what, offset, bytes] of [
  ['ext2/ext3/ext4', 0x438, Buffer.from([0x53, 0xef])],
  ['xfs', 0, Buffer.from('XFSB')],
  ['btrfs', 0x10040, Buffer.from('_BHRfS_M')],
  ['gpt', 0x200, Buffer.from('EFI PART')],
  ['luks', 0, Buffer.from('LUKS\xba\xbe', 'latin1')],
] as const) {
  test(`${what} content needs --force, and is wiped`, async () => {
    const sandbox = new Sandbox();
    const path = sandbox.image('foreign.img', 64 * MIB);
    patch(path, offset, bytes);
    const error = await sandbox.error(['mkfs', path]);
    assert.equal(error.code, 'FOREIGN');
    assert.match(error.message, new RegExp(what));
    await sandbox.ok(['mkfs', '--force', path]);
    assert.ok(
      head(path, 2 * MIB)
        .subarray(200)
        .every((byte) => byte === 0),
    );
  });
}

test('a mounted device is refused, even with --force', async () => {
  const sandbox = new Sandbox();
  const path = await sandbox.makeFs();
  const proc = join(sandbox.env.FAMFS_SYSROOT as string, 'proc');
  mkdirSync(proc, { recursive: true });
  for (const line of [
    `${path} /mnt/famfs famfs rw 0 0`,
    `${path} /mnt/famfs fuse rw,shadow=/tmp/s 0 0`,
    `famfs /mnt/famfs fuse.famfs rw,daxdev=${path} 0 0`,
  ]) {
    writeFileSync(join(proc, 'mounts'), `tmpfs /tmp tmpfs rw 0 0\n${line}\n`);
    for (const argv of [
      ['mkfs', '-ff', path],
      ['mkfs', '-f', '--kill', path],
      ['creat', '-s', '2M', 'x'],
      ['mkdir', 'd'],
    ]) {
      const error = await sandbox.error(argv);
      assert.equal(error.code, 'MOUNTED', argv.join(' '));
      assert.match(error.message, /\/mnt\/famfs/);
    }
  }
  writeFileSync(join(proc, 'mounts'), `${path} /mnt/other ext4 rw 0 0\n`);
  await sandbox.ok(['mkfs', '-f', path]);
});

test('a mounted device is recognized under another name', async () => {
  const sandbox = new Sandbox();
  const path = await sandbox.makeFs();
  const proc = join(sandbox.env.FAMFS_SYSROOT as string, 'proc');
  mkdirSync(proc, { recursive: true });
  symlinkSync(path, join(sandbox.folder, 'soft'));
  linkSync(path, join(sandbox.folder, 'hard'));
  for (const mounted of [path, join(sandbox.folder, 'soft'), join(sandbox.folder, 'hard')]) {
    writeFileSync(join(proc, 'mounts'), `${mounted} /mnt/famfs famfs rw 0 0\n`);
    for (const named of [path, 'soft', 'hard'])
      for (const argv of [
        ['mkfs', '-ff', named],
        ['creat', '-s', '2M', 'x', '--dev', named],
        ['fsck', '-p', named],
      ])
        assert.equal((await sandbox.error(argv)).code, 'MOUNTED', `${mounted}: ${argv.join(' ')}`);
  }
});

test('a mount of an unused daxdev, known by its name alone, is recognized under another name', async () => {
  const sandbox = new Sandbox();
  const path = sandbox.image('blank.img', 64 * MIB);
  const proc = join(sandbox.env.FAMFS_SYSROOT as string, 'proc');
  mkdirSync(proc, { recursive: true });
  symlinkSync(path, join(sandbox.folder, 'soft'));
  linkSync(path, join(sandbox.folder, 'hard'));
  for (const mounted of ['soft', 'hard']) {
    writeFileSync(join(proc, 'mounts'), `${join(sandbox.folder, mounted)} /mnt/famfs famfs rw 0 0\n`);
    for (const named of [path, 'soft', 'hard'])
      assert.equal((await sandbox.error(['mkfs', named])).code, 'MOUNTED', `${mounted}: ${named}`);
  }
});

test('--kill sets the magic to 0 and nothing else, and needs --force', async () => {
  const sandbox = new Sandbox();
  const path = await sandbox.makeFs();
  const before = head(path);
  assert.equal((await sandbox.run(['mkfs', '--kill', path])).exitCode, 2);
  await sandbox.ok(['mkfs', '--kill', '--force', '--dry-run', path]);
  assert.ok(head(path).equals(before));
  await sandbox.ok(['mkfs', '--kill', '--force', path]);
  assert.ok(head(path).equals(Buffer.concat([Buffer.alloc(8), before.subarray(8)])));
  assert.equal((await sandbox.error(['fsck', path])).exitCode, 8);
  assert.equal((await sandbox.error(['mkfs', '--kill', '--force', path])).code, 'NO_FAMFS');
});

test('--dry-run checks everything and writes nothing', async () => {
  const sandbox = new Sandbox();
  const path = sandbox.image('a.img', 64 * MIB);
  assert.match(await sandbox.ok(['mkfs', '--dry-run', path]), /would be made/);
  assert.ok(head(path).every((byte) => byte === 0));
  assert.equal((await sandbox.error(['mkfs', '--dry-run', sandbox.image('b.img', MIB)])).code, 'TOO_SMALL');
});

test('the old superblock goes first, the magic comes last, and each step is written back and fenced', async () => {
  const sandbox = new Sandbox();
  const path = await sandbox.makeFs();
  const events: string[] = [];
  const name = (offset: number) =>
    offset === 0 ? 'magic' : offset < 200 ? 'superblock' : offset < 2 * MIB ? 'region' : 'log';
  const observer: MemoryObserver = {
    write: (_, offset, bytes) => events.push(`store ${name(offset)}${offset === 0 ? bytes[0] : ''}`),
    writeBack: (_, offset) => events.push(`write back ${name(offset)}`),
    fence: () => events.push('fence'),
  };
  observeMemory(observer);
  try {
    await sandbox.ok(['mkfs', '--force', path]);
  } finally {
    observeMemory(undefined);
  }
  // looking for zeros fences too
  const steps = events.filter((event, i) => event !== 'fence' || events[i - 1]?.startsWith('write back'));
  assert.deepEqual(steps.slice(0, 3), ['store magic0', 'write back magic', 'fence']);
  assert.deepEqual(steps.slice(-6), [
    'store superblock',
    'write back superblock',
    'fence',
    'store magic255',
    'write back magic',
    'fence',
  ]);
  assert.ok(!steps.slice(0, -6).includes('store magic255'), steps.join(', '));
  assert.equal(steps.at(-7), 'fence');
});

test('errors for missing, unreadable and unsuitable targets say what to do', async () => {
  const sandbox = new Sandbox();
  for (const [path, reason] of [
    ['nowhere.img', /truncate -s/],
    ['.', /plain file/],
    ['/dev/null', /device-dax/],
  ] as const) {
    const error = await sandbox.error(['mkfs', path]);
    assert.equal(error.code, 'DEVICE_OPEN');
    assert.match(error.hint ?? '', reason);
  }
  assert.equal((await sandbox.run(['mkfs'])).exitCode, 2);
});

test('--alloc-unit 4k makes a file system whose files take units of 4 KiB', async () => {
  const sandbox = new Sandbox();
  const path = sandbox.image('small.img', 64 * MIB + 12288);
  assert.match(await sandbox.ok(['mkfs', '--alloc-unit', '4k', '-n', path]), /room for files 54M in units of 4 KiB/);
  const made = await sandbox.json<{ allocationUnit: number; capacity: number }>(['mkfs', '--alloc-unit', '4096', path]);
  assert.deepEqual([made.allocationUnit, made.capacity], [4096, 54 * MIB + 12288]);
  sandbox.env.FAMFS_DEV = path;
  assert.match(await sandbox.ok(['info']), /^allocation unit: +4K/m);
  // one call for each: files of one call get their slots in the order in which they are filled
  for (const [name, size] of [
    ['a', '10k'],
    ['b', '10k'],
    ['large', '5M'],
    ['c', '10k'],
  ] as const)
    await sandbox.ok(['creat', '-s', size, '--seed', '3', name]);
  const { files } = await sandbox.json<{
    files: { path: string; extents: { deviceOffset: number; length: number }[] }[];
  }>(['showfmap', '--all']);
  const end = 64 * MIB + 12288;
  assert.deepEqual(
    files.map(({ path: name, extents }) => [
      name,
      ...extents.flatMap(({ deviceOffset, length }) => [deviceOffset, length]),
    ]),
    [
      ['a', end - 12288, 12288],
      ['b', end - 2 * 12288, 12288],
      ['large', 10 * MIB, 5 * MIB],
      // the rest of the last huge page of the large file
      ['c', 15 * MIB, 12288],
    ],
  );
  await sandbox.ok(['verify', '--seed', '3', 'a', 'b', 'c', 'large']);
  assert.match(await sandbox.ok(['fsck']), /clean/);
  await sandbox.ok(['truncate', '--clients-unmounted', '-s', '1', 'b']);
  await sandbox.ok(['rm', '--clients-unmounted', 'a', 'large']);
  assert.deepEqual((await sandbox.json<{ used: number }>(['df'])).used, 4096 + 12288);
  assert.match(await sandbox.ok(['fsck']), /clean/);
});

test('an allocation unit is 4 KiB or 2 MiB, and chunks are multiples of it', async () => {
  const sandbox = new Sandbox();
  const path = sandbox.image('p.img', 64 * MIB);
  for (const unit of ['8k', '1', '4M']) {
    const error = await sandbox.error(['mkfs', '--alloc-unit', unit, path]);
    assert.deepEqual([error.code, error.exitCode], ['BAD_UNIT', 1]);
    assert.equal(
      (await sandbox.error(['plan-capacity', '1G', '--files', '1x1M', '--alloc-unit', unit])).code,
      'BAD_UNIT',
    );
  }
  for (const [unit, chunk, code] of [
    ['2M', '1M', 'BAD_LAYOUT'],
    ['4k', '2k', 'USAGE'],
    ['4k', '12k', 'BAD_LAYOUT'],
  ] as const)
    assert.equal(
      (await sandbox.error(['mkfs', '--alloc-unit', unit, '--stripes', '2', '--chunk', chunk, path])).code,
      code,
    );
  assert.equal((await sandbox.error(['info', path])).code, 'NO_FAMFS');
  assert.equal((await sandbox.error(['mkfs', '--force', '--kill', '--alloc-unit', '4k', path])).code, 'USAGE');
  await sandbox.ok(['mkfs', '--alloc-unit', '4k', '--stripes', '2', '--chunk', '64k', path]);
  await sandbox.ok(['creat', '-s', '200k', '--seed', '1', 'f', '--dev', path]);
  assert.match(await sandbox.ok(['showfmap', 'f', '--dev', path]), /chunk 64K/);
  await sandbox.ok(['verify', '--seed', '1', 'f', '--dev', path]);
});

test('mkfs gives the file system a uuid and a label, and refuses those that it cannot have', async () => {
  const sandbox = new Sandbox();
  const path = sandbox.image('a.img', 64 * MIB);
  const other = sandbox.image('b.img', 64 * MIB);
  const uuid = 'abcdef01-2345-4678-9abc-def012345678';
  const label = 'é'.repeat(31);
  const made = await sandbox.json(['mkfs', '--uuid', uuid.toUpperCase(), '--label', label, path]);
  assert.deepEqual([made.fsUuid, made.label], [uuid, label]);
  assert.equal((await sandbox.json(['info', path])).label, label);
  assert.match(await sandbox.ok(['info', path]), new RegExp(`label: +${label}`));
  assert.equal((await sandbox.error(['mkfs', '--uuid', uuid, other])).code, 'UUID_IN_USE');
  for (const wrong of ['nil', '00000000-0000-0000-0000-000000000000', uuid.slice(1)])
    assert.equal((await sandbox.error(['mkfs', '--uuid', wrong, other])).code, 'USAGE');
  for (const wrong of ['a/b', 'a:b', 'a\u0001', `${label}aa`, `${label}éé`, ''])
    assert.equal((await sandbox.error(['mkfs', '--label', wrong, other])).code, 'USAGE', wrong);
  assert.equal((await sandbox.run(['probe', other])).exitCode, 2);
  await sandbox.ok(['mkfs', '--force', '--uuid', uuid, path]);
  assert.equal((await sandbox.json(['info', path])).label, null);
  assert.equal((await sandbox.error(['mkfs', '-f', '-k', '--label', 'x', path])).code, 'USAGE');
});

test('mkfs --size makes the images that are missing, and no others', async () => {
  const sandbox = new Sandbox();
  const at = (name: string) => join(sandbox.folder, name);
  writeFileSync(at('empty.img'), '');
  const argv = ['mkfs', '--size', '64M', 'new.img', 'empty.img', sandbox.image('there.img', 64 * MIB)];
  const dry = await sandbox.json(['mkfs', '-n', ...argv.slice(1)]);
  assert.deepEqual([dry.written, dry.capacity], [false, 178 * MIB]);
  assert.deepEqual([existsSync(at('new.img')), statSync(at('empty.img')).size], [false, 0]);
  await sandbox.ok(argv);
  for (const name of ['new.img', 'empty.img', 'there.img']) assert.equal(statSync(at(name)).size, 64 * MIB, name);
  assert.equal((await sandbox.run(['fsck', 'new.img'])).exitCode, 0);

  const refused: [code: string, argv: string[]][] = [
    ['CONFLICT', ['--size', '32M', 'there.img']],
    ['TOO_SMALL', ['--size', '8M', 'other.img']],
    ['CANNOT_WRITE', ['--size', '64M', 'no/folder.img']],
    ['SAME_DAXDEV', ['--size', '64M', 'other.img', './other.img']],
    // after the image was made
    ['HAS_FAMFS', ['--size', '64M', 'other.img', 'there.img']],
    ['USAGE', ['--size', '0', 'other.img']],
  ];
  for (const [code, args] of refused) {
    assert.equal((await sandbox.error(['mkfs', ...args])).code, code, args.join(' '));
    assert.equal(existsSync(at('other.img')), false, args.join(' '));
  }
  writeFileSync(at('empty.img'), '');
  await sandbox.error(['mkfs', '--size', '64M', 'empty.img', 'there.img']);
  assert.equal(statSync(at('empty.img')).size, 0);
});

test('mkfs --exist-ok accepts the same pool, and says what differs of another', async () => {
  const sandbox = new Sandbox();
  const argv = ['mkfs', '--exist-ok', '--size', '64M', '--loglen', '16M', '--label', 'x', '--stripes', '2', 'a', 'b'];
  const made = await sandbox.json(argv);
  await sandbox.ok(['creat', '--dev', 'a', '-s', '2M', 'file']);
  const before = head(join(sandbox.folder, 'a'));
  const again = await sandbox.json(argv);
  assert.deepEqual({ ...again, existed: false, written: true }, made);
  assert.deepEqual([again.existed, again.written, made.existed], [true, false, false]);
  assert.match(await sandbox.ok(['mkfs', '--exist-ok', 'a', 'b']), /famfs \S+ exists$/m);
  await sandbox.ok(['mkfs', '--exist-ok', '--size', '64M', 'c']);

  const differing: [message: RegExp, argv: string[]][] = [
    [/has a daxdev 1 \(uuid \S+\) that is not named/, ['a']],
    [/has the primary \S+\/a, which must be named first/, ['b', 'a']],
    [/lacks 1 of the daxdevs that are named/, ['--size', '64M', 'a', 'b', 'd']],
    [/each of \S+\/a, \S+\/c is the primary/, ['a', 'b', 'c']],
    [/has a log length of 16777216, not 8388608/, ['-l', '8M', 'a', 'b']],
    [/has the label of x, not y/, ['--label', 'y', 'a', 'b']],
    [/has a default of strips of 2, not 3/, ['--stripes', '3', 'a', 'b']],
    [/has a default chunk of 2097152, not 4194304/, ['--stripes', '2', '--chunk', '4M', 'a', 'b']],
    [/has on \S+\/a a size of 67108864, not 33554432/, ['--size', '32M', 'a', 'b']],
    [/has the label of none, not z/, ['--label', 'z', 'c']],
    [/has the uuid of/, ['--uuid', 'abcdef01-2345-4678-9abc-def012345678', 'c']],
  ];
  for (const [message, args] of differing) {
    const error = await sandbox.error(['mkfs', '--exist-ok', ...args]);
    assert.match(error.message, message);
    assert.equal(error.exitCode, 1);
  }
  assert.equal((await sandbox.error(['mkfs', '--exist-ok', '-f', 'a', 'b'])).code, 'USAGE');
  assert.ok(head(join(sandbox.folder, 'a')).equals(before));
  assert.equal(existsSync(join(sandbox.folder, 'd')), false);
});

test('a log that does not suit the unit and the room for files is warned about, with a better length', async () => {
  const sandbox = new Sandbox();
  const path = sandbox.image('p.img', 16 * GIB);
  const warningOf = async (...options: string[]) => {
    const { stderr } = await sandbox.run(['mkfs', '-n', ...options, path]);
    return stderr.split('\n').find((line) => line.includes('--loglen')) ?? '';
  };
  assert.match(
    await warningOf('--alloc-unit', '4k'),
    /a log of 8M holds 15420 files and directories, and fills before the space does where files have less than 1088 KiB on average; one of 256M holds 493447 \(--loglen 256M\)/,
  );
  assert.equal(await warningOf('--alloc-unit', '4k', '--loglen', '256M'), '');
  assert.equal(await warningOf(), '');
  assert.match(await warningOf('--loglen', '256M'), /there is room for 8063 files at most; one of 8M holds 15420/);
  assert.match(
    (await sandbox.run(['mkfs', '-n', '--alloc-unit', '4k', path])).stderr,
    /form v2 refuse .* 4 KiB; .* form d/,
  );
});

test('a sparse image stays sparse, also on tmpfs, where reading fills pages', {
  skip: !existsSync('/dev/shm'),
}, async (t) => {
  const sandbox = new Sandbox();
  const image = join(makeFolder(t, '/dev/shm'), 'sparse.img');
  writeFileSync(image, '');
  truncateSync(image, GIB);
  for (const argv of [
    ['mkfs', '--loglen', '64M', image],
    ['fsck', '--dev', image],
    ['mkfs', '--force', '--loglen', '64M', image],
  ]) {
    await sandbox.ok(argv);
    const used = statSync(image).blocks * 512;
    assert.ok(used < 2 * MIB, `${argv[0]}: ${used} bytes`);
  }
});
