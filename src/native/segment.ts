import type { MappedDevice } from './device.js';

/** A run of a file's bytes and where in memory it lies. Offsets and length in bytes. */
export interface Segment {
  /** index into the devices of the call */
  device: number;
  /** in the device */
  offset: number;
  /** in the file */
  fileOffset: number;
  length: number;
}

/**
 * Segments as C++ takes them: four numbers each.
 * @throws RangeError when one names no device, leaves its device, or is not made of safe whole numbers
 */
export function packSegments(devices: readonly MappedDevice[], segments: readonly Segment[]): Float64Array {
  const packed = new Float64Array(segments.length * 4);
  segments.forEach((segment, index) => {
    const { device, offset, fileOffset, length } = segment;
    if (!isInside(segment, devices[device]?.size ?? -1)) {
      const place = `device ${device} offset ${offset} file offset ${fileOffset} length ${length}`;
      throw new RangeError(`segment ${index} is impossible: ${place} with ${devices.length} devices`);
    }
    packed.set([device, offset, fileOffset, length], index * 4);
  });
  return packed;
}

function isInside({ offset, fileOffset, length }: Segment, size: number): boolean {
  const whole = [offset, fileOffset, length, fileOffset + length].every((n) => Number.isSafeInteger(n) && n >= 0);
  return whole && length <= size && offset <= size - length;
}
