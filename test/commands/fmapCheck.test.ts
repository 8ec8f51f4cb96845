import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { goldenFile } from '../support/golden.js';
import { Sandbox } from '../support/sandbox.js';

const sandbox = new Sandbox();

test('fmap check names the rule and the errno, and exits 1', async () => {
  const golden = readFileSync(goldenFile('g2.fmap3.bin'));
  golden.writeUInt32LE(24, 32);
  const stdin = () => Readable.from([golden]);
  const { exitCode, stdout } = await sandbox.run(['fmap', 'check', '--json'], { stdin: stdin() });
  const { errno, findings } = JSON.parse(stdout);
  assert.deepEqual([exitCode, errno, findings[0].rule], [1, 'EINVAL', 'V2_DEVICE']);
  assert.match((await sandbox.run(['fmap', 'check', '-'], { stdin: stdin() })).stdout, /V2_DEVICE \(EINVAL\)/);
  // every revision of 2026 refuses daxdev 24; daxdev 23 needs a kernel that is not as published
  const exitCode23 = async (revision: string) => {
    golden.writeUInt32LE(23, 32);
    return (await sandbox.run(['fmap', 'check', '--revision', revision], { stdin: stdin() })).exitCode;
  };
  for (const revision of ['v10', 'v10-multi', 'probe'])
    assert.equal((await sandbox.run(['fmap', 'check', '--revision', revision], { stdin: stdin() })).exitCode, 1);
  assert.deepEqual([await exitCode23('v10'), await exitCode23('v10-multi')], [1, 0]);
});

test('a map that a kernel accepts and then crashes by is DANGEROUS, and exits 1', async () => {
  const golden = readFileSync(goldenFile('g3.fmap1.bin'));
  golden.writeUInt32LE(0, 32 + 4);
  const run = (...argv: string[]) =>
    sandbox.run(['fmap', 'check', '--revision', 'v10', ...argv], { stdin: Readable.from([golden]) });
  const { exitCode, stdout } = await run('--json');
  const { accepted, dangerous, errno, findings } = JSON.parse(stdout);
  assert.deepEqual([exitCode, accepted, dangerous, errno], [1, true, true, null]);
  assert.deepEqual([findings[0].rule, findings[0].class], ['V2_CHUNK_ZERO', 'DANGEROUS']);
  assert.match((await run()).stdout, /V2_CHUNK_ZERO \(DANGEROUS\)/);
});

test('with the sizes of the daxdevs, what ends beyond them is found', async () => {
  const golden = readFileSync(goldenFile('g2.fmap3.bin'));
  const end = Number(golden.readBigUInt64LE(40) + golden.readBigUInt64LE(48));
  const check = async (...argv: string[]) => {
    const { exitCode, stdout } = await sandbox.run(['fmap', 'check', '--json', ...argv], {
      stdin: Readable.from([golden]),
    });
    return [exitCode, ...JSON.parse(stdout).findings.map((finding: { rule: string }) => finding.rule)];
  };
  assert.deepEqual(await check('--daxdev-size', String(end)), [0]);
  assert.deepEqual(await check('--daxdev-size', String(end - 1)), [1, 'V2_BOUNDS']);
  golden.writeUInt32LE(1, 32);
  assert.deepEqual(await check('--daxdev-size', '1', '--daxdev-size', String(end)), [0]);
  assert.deepEqual(await check('--daxdevs', '2'), [0]);
  // the kernel accepts the map, and only accesses fail
  assert.deepEqual(await check('--daxdevs', '1'), [0, 'V2_DAXDEV']);
});

test('numbers over 2^53 are printed and judged as they are', async () => {
  const golden = readFileSync(goldenFile('g2.fmap3.bin'));
  golden.writeBigUInt64LE(2n ** 62n, 40);
  const { stdout } = await sandbox.run(['fmap', 'check', '--json'], { stdin: Readable.from([golden]) });
  const { accepted, dangerous, findings } = JSON.parse(stdout);
  assert.deepEqual([accepted, dangerous, findings[0].rule, findings[0].errno], [true, true, 'V2_BOUNDS', 'EFAULT']);
  assert.match(findings[0].message, /0x4000000000200000/);
  const decoded = await sandbox.run(['fmap', 'decode', '--json'], { stdin: Readable.from([golden]) });
  assert.match(decoded.stdout, /"deviceOffset": ?4611686018427387904/);
});

test('a revision, or a size, that does not belong to the form is refused', async () => {
  const d = Buffer.alloc(80);
  d.writeUInt32LE(1, 8);
  d.writeUInt32LE(1, 12);
  d.writeBigUInt64LE(4096n, 40);
  d.writeBigUInt64LE(1n, 48);
  const check = async (bytes: Buffer, ...argv: string[]) =>
    (await sandbox.run(['fmap', 'check', ...argv], { stdin: Readable.from([bytes]) })).exitCode;
  assert.equal(await check(d), 0);
  assert.equal(await check(d, '--size', '4K'), 0);
  assert.equal(await check(d, '--revision', 'v10'), 2);
  const golden = readFileSync(goldenFile('g2.fmap3.bin'));
  assert.equal(await check(golden, '--size', '1'), 0);
  assert.equal(await check(golden, '--size', '2'), 2);
  assert.equal(await check(golden, '--daxdevs', '1', '--daxdev-size', '1', '--daxdev-size', '1'), 2);
});

test('fmap check takes any bytes', async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(31, 255), Buffer.alloc(4000, 255), Buffer.alloc(80, 1)]) {
    const stdin = () => Readable.from([bytes]);
    const checked = await sandbox.run(['fmap', 'check', '--json'], { stdin: stdin() });
    assert.equal(checked.exitCode, 1, checked.stderr);
    assert.equal((await sandbox.run(['fmap', 'check', '--form', 'd'], { stdin: stdin() })).exitCode, 1);
  }
  assert.equal((await sandbox.error(['fmap', 'check', 'nosuch'])).code, 'FMAP_UNREADABLE');
});

for (const argv of [
  ['--daxdevs', '65'],
  ['--form', 'x'],
]) {
  test(`wrong use: ${argv.join(' ')}`, async () => {
    assert.equal((await sandbox.run(['fmap', 'check', ...argv])).exitCode, 2);
  });
}
