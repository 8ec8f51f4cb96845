import type { TestContext } from 'node:test';
import type { Segment } from '../../src/native/bulk.js';
import type { MappedDevice } from '../../src/native/device.js';
import type { Random } from '../support/random.js';
import { makeDevice } from './scratch.js';

/** Devices, and segments on them that hold a file of `size` bytes. */
export interface Layout {
  devices: MappedDevice[];
  segments: Segment[];
  size: number;
}

/** A file interleaved over `count` devices in chunks of `chunk` bytes; the last may be shorter. */
export function interleave(t: TestContext, count: number, chunk: number, size: number): Layout {
  const rows = Math.ceil(size / chunk / count);
  const devices = Array.from({ length: count }, () => makeDevice(t, rows * chunk));
  const segments: Segment[] = [];
  for (let fileOffset = 0; fileOffset < size; fileOffset += chunk) {
    const index = fileOffset / chunk;
    const offset = Math.floor(index / count) * chunk;
    segments.push({ device: index % count, offset, fileOffset, length: Math.min(chunk, size - fileOffset) });
  }
  return { devices, segments, size };
}

/** Segments of any length and alignment in shuffled order, with gaps of a few bytes between them on each device. */
export function scatter(t: TestContext, random: Random, count: number, most: number): Layout {
  const ends = [0, 0, 0];
  const segments: Segment[] = [];
  let fileOffset = 0;
  for (let i = 0; i < count; i++) {
    const device = random.below(ends.length);
    const length = random.below(i % 3 === 0 ? 200 : most);
    const offset = ends[device]! + random.below(100);
    segments.push({ device, offset, fileOffset, length });
    ends[device] = offset + length;
    fileOffset += length;
  }
  segments.sort(() => random.below(3) - 1);
  const devices = ends.map((end) => makeDevice(t, end + 100));
  return { devices, segments, size: fileOffset };
}

/** The file that the segments hold, read byte by byte. */
export function gather({ devices, segments, size }: Layout): Buffer {
  const file = Buffer.alloc(size);
  for (const { device, offset, fileOffset, length } of segments) {
    devices[device]!.readInto(file.subarray(fileOffset, fileOffset + length), offset);
  }
  return file;
}

/** Offset of the first byte outside the segments that is not 0, for each device. */
export function strays({ devices, segments }: Layout): number[] {
  const left = devices.map((device) => device.read(0, device.size));
  for (const { device, offset, length } of segments) left[device]!.fill(0, offset, offset + length);
  return left.map((bytes) => bytes.findIndex((byte) => byte !== 0));
}
