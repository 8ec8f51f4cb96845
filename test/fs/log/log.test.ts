/** Reading the log from memory that other hosts write: an entry that does not check out is read once more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOG_ENTRY_SIZE } from '../../../src/format/logEntry.js';
import { DEFAULT_ALLOCATION_UNIT } from '../../../src/format/superblock.js';
import { isFramed, Log } from '../../../src/fs/log/log.js';
import type { MappedDevice } from '../../../src/native/device.js';
import { goldenBytes } from '../../support/golden.js';
import { entryOffset } from '../../support/patch.js';

const LOG = 0x200000;

/** The image as a device whose slot 5 is torn until its memory is invalidated again. */
function tornOnce(image: Buffer, slot: number): { device: MappedDevice; invalidated: () => number } {
  const at = entryOffset(slot);
  let times = 0;
  const read = (offset: number, length: number) => {
    const bytes = Buffer.from(image.subarray(offset, offset + length));
    if (times < 2 && offset <= at && at + LOG_ENTRY_SIZE <= offset + length)
      bytes.fill(0, at - offset + 64, at - offset + 200);
    return bytes;
  };
  const device = {
    size: image.length,
    invalidate: (offset: number, length: number) => {
      if (offset <= at && at < offset + length) times++;
    },
    isHole: () => false,
    fence: () => {},
    read,
    readInto: (target: Uint8Array, offset: number) => target.set(read(offset, target.length)),
  };
  return { device: device as unknown as MappedDevice, invalidated: () => times };
}

test('a slot that is torn when a scan meets it is invalidated and read once more', () => {
  const { device, invalidated } = tornOnce(goldenBytes('g2'), 5);
  const log = new Log(device, LOG, 0x800000, DEFAULT_ALLOCATION_UNIT);
  const framed: boolean[] = [];
  log.scan(0, 13, (_, decoded) => framed.push(isFramed(decoded)));
  assert.deepEqual(framed, Array(13).fill(true));
  assert.equal(invalidated(), 2);
});
