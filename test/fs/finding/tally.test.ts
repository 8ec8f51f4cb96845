import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FindingTally } from '../../../src/fs/finding/tally.js';

const VALUES = { field: 'log_entry.crc', found: '0x0', allowed: '0x1' };

test('slots with one cause are one finding, which says where they begin and end', () => {
  const tally = new FindingTally(20);
  for (const slot of [3, 4, 5, 9]) tally.addToRun('ENTRY_CRC', { slot, path: `f${slot}` }, VALUES, 'one cause');
  tally.addToRun('ENTRY_CRC', { slot: 10, path: 'f10' }, VALUES, 'another');
  assert.deepEqual(
    tally.kept.map(({ place, count }) => [place, count]),
    [
      [{ slot: 3, lastSlot: 9 }, 4],
      [{ slot: 10, path: 'f10' }, 1],
    ],
  );
  assert.deepEqual([...tally.counts], [['ENTRY_CRC', 2]]);
});

test('causes that alternate are distinguished; one slot is counted once', () => {
  const tally = new FindingTally(20);
  for (const slot of [1, 2, 3, 4])
    for (const _extent of [0, 1]) {
      const daxdev = 1 + (slot % 2);
      tally.addToRun('EXTENT_DEVICE', { slot, daxdev }, { daxdevs: 1 }, `daxdev ${daxdev}`);
    }
  assert.deepEqual(
    tally.kept.map(({ place, count }) => [place, count]),
    [
      [{ slot: 1, lastSlot: 3, daxdev: 2 }, 2],
      [{ slot: 2, lastSlot: 4, daxdev: 1 }, 2],
    ],
  );
});

test('what is beyond the limit is counted, is not kept, and is not worked out', () => {
  const tally = new FindingTally(1);
  let calls = 0;
  const values = () => {
    calls++;
    return VALUES;
  };
  tally.add('ENTRY_CRC', { slot: 1 }, values);
  tally.add('ENTRY_CRC', { slot: 2 }, values);
  for (const slot of [4, 5, 6]) tally.addToRun('ENTRY_CRC', { slot }, values, 'run');
  tally.addToRun('ENTRY_TYPE', { slot: 7 }, values, 'run');
  assert.deepEqual(
    [...tally.counts],
    [
      ['ENTRY_CRC', 3],
      ['ENTRY_TYPE', 1],
    ],
  );
  assert.deepEqual(
    tally.kept.map(({ code, place }) => [code, place.slot]),
    [
      ['ENTRY_CRC', 1],
      ['ENTRY_TYPE', 7],
    ],
  );
  assert.equal(calls, 2);
  assert.equal(
    tally.count((code) => code === 'ENTRY_CRC'),
    3,
  );
});
