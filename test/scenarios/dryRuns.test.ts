/** --dry-run says what would be made and writes nothing; --wait and --no-wait bound the wait for the lock. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CpDocument } from '../../src/commands/cp.js';
import type { CreatDocument } from '../../src/commands/creat.js';
import type { MkdirDocument } from '../../src/commands/mkdir.js';
import { MappedDevice } from '../../src/native/device.js';
import { MIB, OTHER_UUID, sandboxWithFs } from '../support/sandbox.js';

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
    ['USAGE', ['cp', '-n', '--out', 'there', '.']],
  ];
  for (const [code, argv] of refused) assert.equal((await sandbox.error(argv)).code, code, argv.join(' '));
  // a Client, and beside a writer
  sandbox.becomeHost(OTHER_UUID);
  await sandbox.ok(files);
  assert.ok(readFileSync(path).equals(before));
});

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
