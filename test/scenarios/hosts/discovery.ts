/** Finding a file system among the devices of a host, and using many of them at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Target } from './jobs/mainJob.js';
import { job, json, ok, refusal } from './talk.js';
import type { TestHost } from './testHost.js';

const MIB = 1024 ** 2;

/** MiB of dax0.0 and so on: common sizes, and many small ones. */
export const SIZES = [256, 1024, 4096, 65_536, ...Array.from({ length: 12 }, () => 256)];

interface Pool {
  readonly daxdevs: readonly { readonly size: number; readonly path: string; readonly state: string }[];
}

/** The tests; they build on each other. `host` is called when they run, and has devices of SIZES. */
export function testDiscovery(host: () => TestHost, facts: Pick<Target, 'align' | 'kind'>): void {
  test('without --dev and without a famfs, the error lists the devices that were examined', () => findNone(host()));
  test('the size of each of 16 devices is found', () => findSizes(host()));
  test('the only famfs is found, whatever its node is called', () => findOne(host()));
  test('--dev or FAMFS_DEV selects one of two', () => findTwo(host()));
  test('devices of 256 MiB, 1, 4 and 64 GiB are filled to their last byte', () => fill(host(), facts));
  test('16 devices form a pool, and one file uses all of them', () => usePool(host()));
}

async function findNone(host: TestHost): Promise<void> {
  const { code, message, hint, devices } = await refusal(host, 'famfs ls');
  assert.equal(code, 'NO_FAMFS');
  assert.match(message, /dax0\.0: no famfs, .*dax3\.0: no famfs, and 12 more\)/);
  assert.deepEqual(
    devices?.map(({ path, what }) => [path.replace(/.*\//, ''), what]),
    [...SIZES.keys()].map((number) => [`dax${number}.0`, 'no famfs']),
  );
  assert.match(hint ?? '', /famfs mkfs/);
}

async function findSizes(host: TestHost): Promise<void> {
  const { daxdevs } = await json<Pool>(host, `famfs mkfs --dry-run ${nodes(SIZES.length)}`);
  assert.deepEqual(
    daxdevs.map(({ size }) => size),
    SIZES.map((size) => size * MIB),
  );
}

async function findOne(host: TestHost): Promise<void> {
  await ok(host, 'famfs mkfs $DEV/dax5.0 && famfs mkdir five');
  assert.equal(await ok(host, 'famfs ls; mv $DEV/dax5.0 $DEV/dax77.1'), 'five/\n');
  const { primary } = await json<{ primary: { path: string; deviceName: string } }>(host, 'famfs info');
  assert.match(primary.path, /\/dax77\.1$/);
  assert.match(primary.deviceName, /\/dax5\.0$/);
  await ok(host, 'mv $DEV/dax77.1 $DEV/dax5.0');
}

async function findTwo(host: TestHost): Promise<void> {
  await ok(host, 'famfs mkfs $DEV/dax6.0 && famfs mkdir --dev $DEV/dax6.0 six');
  const { code, message, hint } = await refusal(host, 'famfs ls');
  assert.equal(code, 'AMBIGUOUS');
  assert.match(message, /\(\S*dax5\.0: primary, \S*dax6\.0: primary, \S*dax0\.0: no famfs, .*and 12 more\)/);
  assert.match(hint ?? '', /--dev or FAMFS_DEV/);
  assert.equal(await ok(host, 'famfs ls --dev $DEV/dax6.0; FAMFS_DEV=$DEV/dax5.0 famfs ls'), 'six/\nfive/\n');
  assert.equal(await ok(host, 'FAMFS_DEV=$DEV/dax5.0 famfs ls --dev $DEV/dax6.0'), 'six/\n');
  await ok(host, 'famfs mkfs --force --kill $DEV/dax6.0');
  assert.equal(await ok(host, 'famfs ls; famfs mkfs --force --kill $DEV/dax5.0 >&2'), 'five/\n');
}

async function fill(host: TestHost, facts: Pick<Target, 'align' | 'kind'>): Promise<void> {
  const targets = SIZES.slice(0, 4).map((size, i) => ({ dev: `$DEV/dax${i}.0`, size: size * MIB, ...facts }));
  await job(host, 'mainJob', targets);
  const { status, stdout } = await host.run('for i in 0 1 2 3; do famfs fsck $DEV/dax$i.0 || exit; done');
  assert.deepEqual([status, stdout.match(/clean/g)?.length], [0, 4], stdout);
}

async function usePool(host: TestHost): Promise<void> {
  const count = SIZES.length;
  const { daxdevs } = await json<Pool>(host, `famfs mkfs --force --stripes ${count} ${nodes(count)}`);
  assert.equal(daxdevs.length, count);
  await ok(host, 'famfs mkdir weights && famfs creat -s 100M --seed 3 weights/all');
  const { files } = await json<{ files: { extents: { daxdev: number }[] }[] }>(host, 'famfs showfmap weights/all');
  const used = files[0]?.extents.map(({ daxdev }) => daxdev).sort((a, b) => a - b);
  assert.deepEqual(used, [...SIZES.keys()]);
  // another boot may give the devices other names
  await ok(host, 'cd $DEV && mv dax9.0 x && mv dax12.0 dax9.0 && mv x dax12.0');
  const members = (await json<Pool>(host, 'famfs daxdev list')).daxdevs;
  assert.match(members[9]?.path ?? '', /\/dax12\.0$/);
  assert.ok(members.every(({ state }) => state === 'present'));
  await ok(host, 'famfs verify --seed 3 weights/all');
  assert.match(await ok(host, 'famfs fsck'), /clean/);
}

/** The first `count` devices, for a command line. */
function nodes(count: number): string {
  return `$DEV/dax{0..${count - 1}}.0`;
}
