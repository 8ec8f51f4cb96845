/** A cursor that reads many entries reports the same for each as a cursor that reads only that one. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { EntryCursor, snapshotOf } from '../../../src/format/entries/cursor.js';
import { decodeEntry, readEntry } from '../../../src/format/entries/reader.js';
import { LOG_ENTRY_CRC_SPAN, LOG_ENTRY_SIZE } from '../../../src/format/logEntry.js';
import { DEFAULT_ALLOCATION_UNIT } from '../../../src/format/superblock.js';
import { makeRandom } from '../../../src/fs/allocate/random.js';
import { crc32, usedLengths } from '../../../src/native/device.js';
import { mutate, Target } from '../../fuzz/mutate.js';
import { goldenBytes } from '../../support/golden.js';
import { entryOffset } from '../../support/patch.js';

const ROUNDS = 2000;
const ENTRIES = 25;

test('nothing of an entry remains when the next is read', () => {
  const seed = randomInt(2 ** 31);
  const random = makeRandom(seed);
  const sound = goldenBytes('g3');
  const cursor = new EntryCursor();
  const images = Array.from({ length: 40 }, () => {
    const image = Buffer.from(sound);
    for (let i = 0; i < 10; i++) mutate(new Target(image, ENTRIES, 2 ** 34, random));
    return image;
  });
  for (let round = 0; round < ROUNDS; round++) {
    const image = images[Math.floor(random() * images.length)] as Buffer;
    const slot = Math.floor(random() * ENTRIES);
    const bytes = image.subarray(entryOffset(slot), entryOffset(slot) + LOG_ENTRY_SIZE);
    const crc = crc32(bytes.subarray(0, LOG_ENTRY_CRC_SPAN));
    const [used] = usedLengths({ bytes, start: 0, stride: 0, length: LOG_ENTRY_CRC_SPAN, count: 1 });
    readEntry(cursor, snapshotOf(bytes), 0, slot, crc, used as number, DEFAULT_ALLOCATION_UNIT);
    const alone = decodeEntry(snapshotOf(bytes), 0, slot, crc, DEFAULT_ALLOCATION_UNIT);
    const message = `seed ${seed}, round ${round}`;
    assert.deepEqual(cursor.faults, alone.faults, message);
    assert.deepEqual(cursor.entry, alone.entry, message);
    if (cursor.type !== 'FILE') assert.deepEqual([cursor.size, cursor.extentCount], [0, 0], message);
    if (alone.entry === undefined) continue;
    cursor.load(alone.entry.type === 'ADD_DAXDEV' || alone.faults.length === 0 ? alone.entry : DIRECTORY);
    if (alone.faults.length === 0) assert.deepEqual(reread(cursor), alone.entry, message);
  }
});

const DIRECTORY = { type: 'MKDIR', path: 'd', uid: 1, gid: 2, mode: 0o755 } as const;

/** The contents of a cursor as an object. */
function reread(cursor: EntryCursor) {
  const { type, path, uid, gid, mode, size, flags, interleaved, chunkSize, extentCount } = cursor;
  if (type === 'ADD_DAXDEV') return cursor.kept(type);
  if (type === 'MKDIR') return { type, path, uid, gid, mode };
  const extents = Array.from({ length: extentCount }, (_, i) => ({
    daxdev: cursor.daxdevs[i],
    deviceOffset: cursor.offsets[i],
    length: cursor.lengths[i],
  }));
  const fmap = interleaved ? { layout: 'interleaved', chunkSize, extents } : { layout: 'simple', extents };
  return { type, path, size, flags, uid, gid, mode, fmap };
}
