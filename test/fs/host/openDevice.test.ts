import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runCommand } from '../../support/runCommand.js';

/** /dev/null: no driver of dax devices, so it can be opened and not mapped. */
const NUMBER = '1:3';

/** A sysroot in which /dev/dax0.0 is a dax device with these attributes. */
function sysroot(t: TestContext, attributes: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'famfs-sysroot-'));
  t.after(() => rmSync(root, { recursive: true }));
  const home = join(root, 'sys/devices/platform/hmem.0/dax0.0');
  mkdirSync(home, { recursive: true });
  const { driver, ...values } = attributes;
  for (const [name, value] of Object.entries(values)) writeFileSync(join(home, name), `${value}\n`);
  link(join(home, 'subsystem'), '/sys/bus/dax');
  if (driver !== undefined) link(join(home, 'driver'), `/sys/bus/dax/drivers/${driver}`);
  link(join(root, 'sys/dev/char', NUMBER), home);
  link(join(root, 'dev/dax0.0'), '/dev/null');
  return root;
}

function link(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

for (const [what, attributes, reason, hint] of [
  [
    'held by no driver',
    { size: '4194304' },
    'is a dax device that cannot be mapped: no driver holds it (mmap)',
    'run: famfs daxdev mode --set-daxmode devdax dax0.0',
  ],
  [
    'in famfs mode',
    { size: '4194304', driver: 'fsdev_dax' },
    'is a dax device that cannot be mapped: driver fsdev_dax holds it (mmap)',
    'run: famfs daxdev mode --set-daxmode devdax dax0.0',
  ],
  [
    'made system RAM of',
    { size: '4194304', driver: 'kmem' },
    'is a dax device that cannot be mapped: driver kmem holds it (mmap)',
    'bind it to device_dax: daxctl reconfigure-device --mode=devdax --force dax0.0',
  ],
  [
    'without memory',
    { size: '0', driver: 'device_dax' },
    'has size 0',
    'it has no memory; daxctl list shows the devices that have some',
  ],
] as const) {
  test(`a dax device ${what}: the error gives the reason once, and what to do`, async (t) => {
    const root = sysroot(t, attributes);
    const env = { FAMFS_SYSROOT: root };
    const path = join(root, 'dev/dax0.0');
    for (const argv of [
      ['mkfs', path],
      ['info', '--dev', path],
    ]) {
      const { exitCode, stderr } = await runCommand(argv, { env });
      assert.deepEqual([exitCode, stderr], [1, `famfs ${argv[0]}: cannot open ${path}: ${reason}; ${hint}\n`]);
    }
    const { stderr } = await runCommand(['ls'], { env });
    const list = `no famfs on any daxdev of this host (${path}: ${reason})`;
    assert.equal(stderr, `famfs ls: ${list}; for ${path}, ${hint}\n`);
  });
}

test('the error names what cannot be opened once', async (t) => {
  const cwd = sysroot(t, { size: '0' });
  writeFileSync(join(cwd, 'empty.img'), '');
  for (const [path, text] of [
    ['none.img', 'no such file or directory (stat); name an existing daxdev such as /dev/dax0.0, or an image'],
    ['empty.img', 'has size 0; an empty file holds no famfs; name another image'],
  ] as const) {
    const { stderr } = await runCommand(['info', '--dev', path], { cwd });
    assert.ok(stderr.startsWith(`famfs info: cannot open ${join(cwd, path)}: ${text}`), stderr);
  }
});

test('the command that a hint proposes stands after what would make it fail', async (t) => {
  const root = sysroot(t, { size: '4194304', driver: 'fsdev_dax' });
  mkdirSync(join(root, 'sys/bus/dax/devices'), { recursive: true });
  symlinkSync(join(root, 'sys/devices/platform/hmem.0/dax0.0'), join(root, 'sys/bus/dax/devices/dax0.0'));
  const run = async () =>
    (await runCommand(['ls', '--dev', join(root, 'dev/dax0.0')], { env: { FAMFS_SYSROOT: root } })).stderr;
  const command = 'run: famfs daxdev mode --set-daxmode devdax dax0.0';
  assert.ok(
    (await run()).includes(`; the driver device_dax is not loaded; load it: modprobe device_dax; then ${command}`),
  );
  mkdirSync(join(root, 'sys/bus/dax/drivers/device_dax'), { recursive: true });
  assert.ok((await run()).endsWith(`; ${command}\n`));
  mkdirSync(join(root, 'proc'), { recursive: true });
  writeFileSync(join(root, 'proc/mounts'), '/dev/dax9.0 /mnt famfs rw 0 0\n');
  assert.ok(
    (await run()).includes(
      `dax0.0 may be in use by the famfs mounted on /mnt; unmount it first: umount /mnt; then ${command}`,
    ),
  );
});
