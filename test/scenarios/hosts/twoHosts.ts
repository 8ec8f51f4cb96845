/** Two hosts share a daxdev: one makes a file system on it, the other reads it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { test } from 'node:test';
import type { Done } from './jobs/commands.js';
import type { Observation } from './jobs/observe.js';
import { job, json, ok, refusal } from './talk.js';
import type { TestHost } from './testHost.js';

const SEED = 42;
const APPENDS = 300;
const LOG_END = 10 * 1024 ** 2;

export interface TwoHosts {
  readonly master: TestHost;
  readonly client: TestHost;
  /** the memory of $DEV/dax0.0, seen from the machine that runs the tests */
  readonly memory: string;
}

/** The tests; they build on each other. `hosts` is called when they run. */
export function testTwoHosts(hosts: () => TwoHosts): void {
  test('a Client sees what the Master made, byte for byte', () => clientSeesAll(hosts()));
  test('every write of a Client is refused with the reason', () => clientIsRefused(hosts()));
  test('a Client that replays while the Master appends sees each entry whole and in order', async (t) => {
    const { replays, lengths } = await clientSeesOrder(hosts(), APPENDS);
    t.diagnostic(`${replays} replays saw the log at ${lengths} lengths`);
  });
  test('a Client takes over with --force twice', () => clientTakesOver(hosts()));
}

const FILES = ['models/plain', 'models/large/striped'];

/** The Master makes a file system, directories and files with data; the Client finds all of it, byte for byte. */
async function clientSeesAll({ master, client }: TwoHosts): Promise<void> {
  const { fsUuid } = await json(master, 'famfs mkfs $DEV/dax0.0');
  await ok(master, 'famfs mkdir -p models/large');
  await ok(master, `famfs creat -s 5000001 --seed ${SEED} ${FILES[0]}`);
  await ok(master, `famfs creat -s 40M --stripes 4 --seed ${SEED} ${FILES[1]}`);
  const info = await json(client, 'famfs info');
  assert.deepEqual([info.fsUuid, info.role, info.files, info.directories], [fsUuid, 'Client', 2, 2]);
  const looks = [
    ['ls', '-R'],
    ['logplay', '--dev', '$DEV/dax0.0'],
    ['showfmap', ...FILES],
  ];
  const seen = await job<Done[]>(client, 'commands', looks);
  assert.deepEqual(seen, await job<Done[]>(master, 'commands', looks));
  assert.deepEqual(seen[1]?.document?.entries, 4);
  const verified = await job<Done[]>(client, 'commands', [
    ['verify', '--seed', String(SEED), ...FILES],
    ['verify', '--seed', String(SEED + 1), ...FILES],
  ]);
  assert.deepEqual(
    verified.map(({ exitCode }) => exitCode),
    [0, 1],
  );
  const sum = `famfs cat ${FILES.join(' ')} | sha256sum`;
  assert.equal(await ok(client, sum), await ok(master, sum));
  assert.match(await ok(client, 'famfs fsck'), /clean/);
}

/** Every write of the Client is refused with the reason, and leaves superblock and log as they were. */
async function clientIsRefused({ client, memory }: TwoHosts): Promise<void> {
  const before = metadataHash(memory);
  const writes = [
    ['mkdir', 'd'],
    ['mkdir', '-p', 'models/large'],
    ['creat', '-s', '4M', 'f'],
    ['creat', '-s', '5000001', '--exist-ok', 'models/plain'],
    ['creat', '-s', '4M', '--seed', '1', 'f'],
    ['cp', '/etc/passwd', 'f'],
    ['mkfs', '$DEV/dax0.0'],
    ['mkfs', '--force', '$DEV/dax0.0'],
    ['mkfs', '--force', '--kill', '$DEV/dax0.0'],
  ];
  for (const [i, { exitCode, error }] of (await job<Done[]>(client, 'commands', writes)).entries()) {
    const [command] = writes[i] as [string];
    const [code, reason, hint] =
      command === 'mkfs' ? ['OTHER_HOST', /another host/, /--force twice/] : ['NOT_MASTER', /is a Client/, /Master/];
    assert.deepEqual([exitCode, error?.code], [1, code], writes[i]?.join(' '));
    assert.match(error?.message ?? '', reason);
    assert.match(error?.hint ?? '', hint);
  }
  assert.equal((await refusal(client, 'famfs mkdir d')).code, 'NOT_MASTER');
  assert.equal(metadataHash(memory), before);
}

/** While the Master appends, the Client replays in a loop and sees every entry whole and in order; fsck then finds nothing. */
async function clientSeesOrder({ master, client }: TwoHosts, count: number): Promise<Observation> {
  const { entries: from } = await json<{ entries: number }>(master, 'famfs logplay');
  const [observation] = await Promise.all([
    job<Observation>(client, 'observe', { dev: '$DEV/dax0.0', from, count }),
    job(master, 'append', { dev: '$DEV/dax0.0', count }),
  ]);
  assert.deepEqual(observation.faults, []);
  assert.equal(observation.seen, count);
  assert.ok(observation.lengths >= 5, `the log was seen with ${observation.lengths} lengths only`);
  return observation;
}

/** With --force given twice the Client takes over the device, and the Master becomes a Client. */
async function clientTakesOver({ master, client }: TwoHosts): Promise<void> {
  await ok(client, 'famfs mkfs --force --force $DEV/dax0.0');
  await ok(client, 'famfs mkdir mine');
  assert.equal((await refusal(master, 'famfs mkdir theirs')).code, 'NOT_MASTER');
  assert.equal(await ok(master, 'famfs ls'), 'mine/\n');
}

function metadataHash(memory: string): string {
  const bytes = Buffer.alloc(LOG_END);
  const fd = openSync(memory, 'r');
  readSync(fd, bytes, 0, bytes.length, 0);
  closeSync(fd);
  return createHash('sha256').update(bytes).digest('hex');
}
