/** Replay by the addon against replay entry by entry: the same names, claims and findings on sound and on mutated logs. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileType } from '../../../src/format/entries/file.js';
import { DEFAULT_ALLOCATION_UNIT, SUPERBLOCK_REGION } from '../../../src/format/superblock.js';
import { makeRandom } from '../../../src/fs/allocate/random.js';
import { Log } from '../../../src/fs/log/log.js';
import { Replay } from '../../../src/fs/log/replay.js';
import { MappedDevice } from '../../../src/native/device.js';
import { makeCorpus, type Seed } from '../../fuzz/corpus.js';
import { mutate, Target } from '../../fuzz/mutate.js';
import { entryOffset, pokePayload } from '../../support/patch.js';
import { Random } from '../../support/random.js';

/** FAMFS_TEST_MUTANTS sets another number. */
const MUTANTS = Number(process.env.FAMFS_TEST_MUTANTS ?? 1000);
const LOG_LENGTH = 8 * 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), 'famfs-replay-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function replayOf(device: MappedDevice): Replay {
  const uuid = '00000000-0000-4000-8000-000000000000';
  return new Replay(
    { uuid, size: device.size, reserved: SUPERBLOCK_REGION + LOG_LENGTH, unit: DEFAULT_ALLOCATION_UNIT },
    1000,
  );
}

/** All that a replay has gathered. */
function outcome({ namespace, daxdevs, findings, next, skipped }: Replay) {
  const { fileCount, directoryCount, fileBytes } = namespace;
  return {
    next,
    skipped,
    findings: findings.kept,
    counts: [...findings.counts],
    nodes: [...namespace.nodes()],
    totals: { fileCount, directoryCount, fileBytes },
    daxdevs: daxdevs.map(({ ledger, doubtful, ...facts }) => ({
      ...facts,
      ledgers: [ledger, doubtful].map((one) => {
        const overlaps: object[] = [];
        one.overlaps((earlier, later) => overlaps.push({ earlier, later }));
        const { count, claimedByFiles } = one;
        return { count, claimedByFiles, holes: one.holes(facts.size, DEFAULT_ALLOCATION_UNIT), overlaps };
      }),
    })),
  };
}

function compareBoth(seed: Seed, slots: number, what: string): void {
  const device = MappedDevice.open(seed.path, { writable: false });
  try {
    const log = new Log(device, SUPERBLOCK_REGION, LOG_LENGTH, DEFAULT_ALLOCATION_UNIT);
    const bySlot = replayOf(device);
    log.scan(0, slots, (slot, decoded) => bySlot.apply(slot, decoded));
    const byTable = replayOf(device);
    byTable.applyLog(log, slots);
    assert.deepEqual(outcome(byTable), outcome(bySlot), what);
  } finally {
    device.close();
  }
}

test('the addon replays sound and mutated logs as replay does entry by entry', async () => {
  const corpus = await makeCorpus(folder);
  for (const seed of corpus) compareBoth(seed, seed.entries, seed.name);
  const first = randomInt(2 ** 31);
  for (let number = first; number < first + MUTANTS; number++) {
    const seed = corpus[number % corpus.length] as Seed;
    const target = new Target(seed.image, seed.entries, seed.deviceSize, makeRandom(number));
    mutate(target);
    writeSync(seed.fd, seed.image, 0, seed.image.length, 0);
    compareBoth(seed, seed.entries + 2, `mutant ${number} of ${seed.name}`);
    seed.image.set(seed.sound);
  }
});

test('the addon judges names as the reader of entries does, wherever an odd character stands', async (t) => {
  const [seed] = (await makeCorpus(mkdtempSync(join(folder, 'names-')))) as [Seed, ...Seed[]];
  const random = new Random(t);
  const odd = [
    '\x01',
    '\x1f',
    ' ',
    '~',
    '\x7f',
    '\x80',
    '\xc2\x9f',
    '\xc2\xa0',
    '\xc3\xa9',
    '\xff',
    '.',
    '/',
    '..',
    '//',
  ];
  for (let round = 0; round < 60; round++) {
    for (let slot = 0; slot < seed.entries; slot++) {
      if (seed.image.readUInt32LE(entryOffset(slot) + 8) !== fileType.code) continue;
      const name = Array.from(`${slot}-${'x'.repeat(random.below(30))}`);
      name[random.below(name.length)] = random.pick(odd);
      pokePayload(seed.image, slot, 'file', 'path', Buffer.from(`${name.join('')}\0`, 'latin1'));
    }
    writeSync(seed.fd, seed.image, 0, seed.image.length, 0);
    compareBoth(seed, seed.entries, `round ${round}`);
    seed.image.set(seed.sound);
  }
});
