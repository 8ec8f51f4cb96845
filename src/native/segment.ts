import type { MappedDevice } from './device.js';

/** A run of a file's bytes and its place in memory. Offsets and length in bytes. */
export interface Segment {
  /** index into the devices of the call */
  device: number;
  /** in the device */
  offset: number;
  /** in the file */
  fileOffset: number;
  length: number;
}

/** numbers of a packed segment */
export const NUMBERS_PER_SEGMENT = 4;

/**
 * Segments as C++ takes them: four numbers each.
 * @throws RangeError when one names no device, leaves its device, or is not made of safe whole numbers
 */
export function packSegments(devices: readonly MappedDevice[], segments: readonly Segment[]): Float64Array {
  const packed = new Float64Array(segments.length * NUMBERS_PER_SEGMENT);
  let at = 0;
  for (const segment of segments) {
    if (!isInside(segment, devices[segment.device]?.size ?? -1)) {
      const { device, offset, fileOffset, length } = segment;
      const place = `device ${device} offset ${offset} file offset ${fileOffset} length ${length}`;
      throw new RangeError(
        `segment ${at / NUMBERS_PER_SEGMENT} is impossible: ${place} with ${devices.length} devices`,
      );
    }
    packed[at++] = segment.device;
    packed[at++] = segment.offset;
    packed[at++] = segment.fileOffset;
    packed[at++] = segment.length;
  }
  return packed;
}

function isInside({ offset, fileOffset, length }: Segment, size: number): boolean {
  const whole = isCount(offset) && isCount(fileOffset) && isCount(length) && isCount(fileOffset + length);
  return whole && length <= size && offset <= size - length;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
