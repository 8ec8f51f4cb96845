/** The life of a pool on a host's devices: made, grown, filled, its nodes renamed, found by uuid, checked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, ok, refusal } from './talk.js';
import type { TestHost } from './testHost.js';

/** MiB of dax0.0 and so on */
export const POOL_SIZES = [256, 320, 384, 256, 448, 256, 512, 256];
const MIB = 1024 ** 2;
const FOUNDERS = 6;

interface Row {
  readonly uuid: string;
  readonly path: string | null;
  readonly state: string;
  readonly size: number;
  readonly free: number;
}

interface Report {
  readonly clean: boolean;
  readonly daxdevs: readonly Row[];
  readonly counts: Readonly<Record<string, number>>;
}

/** The tests; they build on each other. */
export function testPoolLife(host: () => TestHost): void {
  test('a pool is made and grown', () => make(host()));
  test('the pool is filled until nothing fits', () => fill(host()));
  test('daxdevs are found by uuid, whatever their nodes are called', () => rename(host()));
  test('if one daxdev is missing, files are listed and fsck names it', () => lose(host()));
}

async function make(host: TestHost): Promise<void> {
  await ok(host, `famfs mkfs --stripes 4 ${nodes(0, FOUNDERS)}`);
  await ok(host, `famfs daxdev add ${nodes(FOUNDERS, POOL_SIZES.length)}`);
  const { daxdevs } = await json<Report>(host, 'famfs daxdev list --dev $DEV/dax3.0');
  assert.deepEqual(
    daxdevs.map(({ size, state }) => [size, state]),
    POOL_SIZES.map((size) => [size * MIB, 'present']),
  );
}

async function fill(host: TestHost): Promise<void> {
  // a command takes seconds in a guest without KVM, so two commands fill all
  await ok(host, "seq -f 's%g 60M' 30 | famfs creat --from -");
  const { daxdevs } = await json<Report>(host, 'famfs daxdev list');
  const units = daxdevs.reduce((sum, { free }) => sum + free / (2 * MIB), 0);
  await ok(host, `seq -f 'x%g 2M' ${units} | famfs creat --simple --from -`);
  const { code, message } = await refusal(host, 'famfs creat --simple -s 1 more');
  assert.equal(code, 'NO_SPACE');
  assert.match(message, /8 daxdevs: 0 free, largest hole 0 on daxdev 0/);
  assert.equal((await json<Report>(host, 'famfs fsck')).clean, true);
}

async function rename(host: TestHost): Promise<void> {
  const before = await json<Report>(host, 'famfs daxdev list');
  await ok(host, 'mv $DEV/dax2.0 $DEV/dax50.0; mv $DEV/dax0.0 $DEV/dax2.0; mv $DEV/dax50.0 $DEV/dax0.0');
  const after = await json<Report>(host, 'famfs fsck $DEV/dax5.0');
  assert.equal(after.clean, true);
  assert.deepEqual(
    after.daxdevs.map(({ uuid, state }) => [uuid, state]),
    before.daxdevs.map(({ uuid }) => [uuid, 'present']),
  );
  assert.match(after.daxdevs[2]?.path ?? '', /\/dax0\.0$/);
  assert.match(await ok(host, `famfs daxdev resolve ${before.daxdevs[0]?.uuid}`), /\/dax2\.0\n$/);
}

async function lose(host: TestHost): Promise<void> {
  await ok(host, 'mkdir $DEV/gone && mv $DEV/dax7.0 $DEV/gone/');
  const { status, stdout, stderr } = await host.run('famfs ls | wc -l; famfs fsck --json');
  assert.equal(status, 4, stderr);
  assert.match(
    stderr,
    /1 of the 8 daxdevs of the pool cannot be used: daxdev 7 \(uuid [-0-9a-f]{36}\) is not on this host/,
  );
  const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report;
  assert.deepEqual(Object.keys(report.counts), ['MEMBER_MISSING']);
  await ok(host, 'mv $DEV/gone/dax7.0 $DEV/; famfs fsck');
}

function nodes(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => `$DEV/dax${from + i}.0`).join(' ');
}
