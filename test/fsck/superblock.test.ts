/** A superblock that is lost or damaged, made again from what is left. */
import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenImage } from '../golden.js';
import { pokeHeader, pokeSuperblock } from '../patch.js';
import { firstBytes, MIB, Sandbox } from '../sandbox.js';

const NIL = '00000000-0000-0000-0000-000000000000';
const sandbox = new Sandbox(GOLDEN_MASTER);

const DAMAGES: readonly [string, (image: Buffer) => void][] = [
  ['magic', (i) => pokeSuperblock(i, 'magic', 0, false)],
  ['crc', (i) => pokeSuperblock(i, 'crc', 1, false)],
  ['one bit', (i) => i.writeUInt8(i.readUInt8(50) ^ 4, 50)],
  ['version', (i) => pokeSuperblock(i, 'version', 7, false)],
  ['allocation unit', (i) => pokeSuperblock(i, 'allocationUnit', 8192)],
  ['log length', (i) => pokeSuperblock(i, 'logLength', 0x8000000, false)],
  ['file-system uuid', (i) => pokeSuperblock(i, 'fsUuid', NIL, false)],
  ['the whole block', (i) => i.fill(0, 0, 4096)],
  ['the whole block, overwritten', (i) => i.fill(0xa5, 0, 4096)],
];

for (const [what, damage] of DAMAGES) {
  test(`fsck -y repairs a superblock: ${what}`, async () => {
    const image = goldenImage('g2', sandbox.folder, damage);
    const before = head(image);
    assert.ok([4, 8].includes((await sandbox.run(['fsck', '-n', image])).exitCode));
    assert.ok([4, 8].includes((await sandbox.run(['fsck', '-p', image])).exitCode), '-p must not decide this');
    assert.ok(head(image).equals(before));
    const undo = `${image}.${what.replaceAll(/\W/g, '-')}.undo`;
    const first = await sandbox.run(['fsck', '-y', '--undo', undo, image]);
    assert.equal(first.exitCode, 1, first.stdout + first.stderr);
    assert.equal((await sandbox.run(['fsck', '-n', image])).exitCode, 0);
    const { entries } = await sandbox.json<{ entries: unknown[] }>(['ls', '-R', '--dev', image]);
    assert.equal(entries.length, 13);
    await sandbox.ok(['creat', '-s', '2M', 'new', '--dev', image]);
    await sandbox.ok(['undo', undo]);
    assert.ok(head(image).subarray(0, 4096).equals(before.subarray(0, 4096)), 'undo did not restore every byte');
  });
}

test('a superblock that nothing says the contents of is left as it is', async () => {
  const rows: readonly [string, (image: Buffer) => void][] = [
    ['no log header either', (i) => [i.fill(0, 0, 200), i.fill(0, 0x200000, 0x200000 + 48)]],
    ['another version', (i) => pokeSuperblock(i, 'version', 47)],
    ['another format', (i) => pokeSuperblock(i, 'formatMajor', 3)],
    ['header of another length and no crc', (i) => [i.fill(0, 0, 200), pokeHeader(i, 'crc', 5, false)]],
  ];
  for (const [what, damage] of rows) {
    const image = goldenImage('g2', sandbox.folder, damage);
    const before = head(image);
    const { exitCode } = await sandbox.run(['fsck', '-y', image]);
    assert.ok([4, 8].includes(exitCode), `${what}: ${exitCode}`);
    assert.ok(head(image).equals(before), what);
  }
});

test("a pool's primary gets its uuids back from a secondary", async () => {
  const paths = ['primary', 'secondary'].map((name) => sandbox.image(name, 64 * MIB)) as [string, string];
  const { fsUuid } = await sandbox.json<{ fsUuid: string }>(['mkfs', '--quiet', ...paths]);
  await sandbox.ok(['creat', '-s', '4M', '--stripes', '2', 'striped', '--dev', paths[0]]);
  erase(paths[0], 0, 4096);
  assert.equal((await sandbox.run(['fsck', '-y', '--no-undo', '--dev', paths[0], '--dev', paths[1]])).exitCode, 1);
  const { exitCode, stdout } = await sandbox.run(['fsck', '-n', '--json', paths[0]]);
  assert.equal(exitCode, 0, stdout);
  assert.equal(JSON.parse(stdout).fsUuid, fsUuid);
});

test('--scan finds logs by themselves', async () => {
  const image = goldenImage('g2', sandbox.folder, (i) => i.fill(0, 0, 0x200000));
  type Scan = { devices: { logs: { deviceOffset: number; counted: number; end: number }[] }[] };
  const { devices } = await sandbox.json<Scan>(['fsck', '--scan', image]);
  assert.deepEqual(
    devices[0]?.logs.map(({ deviceOffset, counted, end }) => [deviceOffset, counted, end]),
    [[0x200000, 13, 13]],
  );
  assert.equal((await sandbox.run(['fsck', '--scan', sandbox.image('empty', 64 * MIB)])).exitCode, 8);
  assert.equal((await sandbox.error(['fsck', '--scan'])).exitCode, 16);
});

const head = (path: string) => firstBytes(path, 4 * MIB);

function erase(path: string, offset: number, length: number): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.alloc(length), 0, length, offset);
  closeSync(fd);
}
