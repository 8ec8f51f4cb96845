/** The segments of a file, handed to bulk work in batches. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileEntry } from '../../../src/format/entries/file.js';
import type { Extent, Fmap } from '../../../src/format/fmap.js';
import type { Volume } from '../../../src/fs/pool/volume.js';
import { FileMap } from '../../../src/fs/transfer/fileMap.js';
import type { MappedDevice } from '../../../src/native/device.js';
import { GIB, MIB } from '../../support/sandbox.js';

/** The map of a file on daxdevs of 64 GiB, which are never mapped. */
function mapOf(size: number, fmap: Fmap): FileMap {
  const device = { size: 64 * GIB, path: 'none' } as MappedDevice;
  const volume = { device: () => device } as Pick<Volume, 'device'> as Volume;
  return new FileMap(volume, { type: 'FILE', path: 'f', size, mode: 0, uid: 0, gid: 0, fmap } as FileEntry);
}

const strip = (daxdev: number, length: number): Extent => ({ daxdev, deviceOffset: 16 * MIB, length });

test('a file of more segments than a batch has all of them, in order', () => {
  const chunkSize = 2 * MIB;
  for (const chunks of [8191, 8192, 8193, 16_384, 20_000]) {
    const length = Math.ceil(chunks / 2) * chunkSize;
    const size = chunks * chunkSize;
    const map = mapOf(size, { layout: 'interleaved', chunkSize, extents: [strip(0, length), strip(1, length)] });
    let fileOffset = 0;
    for (const segment of [...map.batches()].flat()) {
      assert.equal(segment.fileOffset, fileOffset);
      fileOffset += segment.length;
    }
    assert.equal(fileOffset, size, `${chunks} chunks`);
    assert.equal(map.segments().length, chunks);
  }
});

test('a map that leaves its daxdevs, or does not cover the file, is refused', () => {
  const simple = (...extents: Extent[]): Fmap => ({ layout: 'simple', extents });
  const beyond = { daxdev: 0, deviceOffset: 64 * GIB - MIB, length: 2 * MIB };
  const uneven: Fmap = { layout: 'interleaved', chunkSize: 2 * MIB, extents: [strip(0, 2 * MIB), strip(1, 4 * MIB)] };
  for (const [size, fmap] of [
    [2 * MIB, simple(beyond)],
    [2 * MIB + 1, simple(strip(0, 2 * MIB))],
    [4 * MIB, uneven],
  ] as const)
    assert.throws(() => mapOf(size, fmap), { code: 'BAD_MAP' });
  assert.equal(mapOf(2 * MIB, simple({ ...beyond, deviceOffset: 64 * GIB - 2 * MIB })).size, 2 * MIB);
});
