import { runBulk } from '../src/native/bulk.js';
import type { MappedDevice } from '../src/native/device.js';
import type { Reference } from './nativeReference.js';

/** The memory to work on. Areas belong to `reference`, and all are as large as the device. */
export interface Place {
  size: number;
  threads: number;
  reference: Reference;
  /** descriptor of the file to copy from and to */
  file: number;
  /** warm anonymous memory, for system calls to copy from and to */
  anonymous: number;
  /** stands in for the device in plain loops */
  memory: number;
  /** what plain loops copy from and to */
  other: number;
}

/** A bulk operation, and the plain loop that moves as many bytes. */
export interface Question {
  name: string;
  against: string;
  plain(place: Place): void;
  bulk(
    place: Place,
    device: MappedDevice,
  ): Promise<{ bytes: number; faults: readonly unknown[]; difference?: unknown }>;
}

const SEED = 42;

function whole({ size }: Place) {
  return [{ device: 0, offset: 0, fileOffset: 0, length: size }];
}

/** The order leaves file and device equal for compare, and the pattern in the device for verify. */
export const questions: readonly Question[] = [
  {
    name: 'zero',
    against: 'memset',
    plain: ({ reference, memory, threads }) => reference.run('memset', memory, 0, threads),
    bulk: (place, device) => runBulk({ operation: 'zero', devices: [device], segments: whole(place), ...place }),
  },
  {
    name: 'copyIn',
    against: 'pread into warm anonymous memory',
    plain: ({ reference, anonymous, file, threads }) => reference.run('pread', anonymous, file, threads),
    bulk: (place, device) =>
      runBulk({ operation: 'copyIn', devices: [device], segments: whole(place), fd: place.file, ...place }),
  },
  {
    name: 'copyOut',
    against: 'pwrite from warm anonymous memory',
    plain: ({ reference, anonymous, file, threads }) => reference.run('pwrite', anonymous, file, threads),
    bulk: (place, device) =>
      runBulk({ operation: 'copyOut', devices: [device], segments: whole(place), fd: place.file, ...place }),
  },
  {
    name: 'compare',
    against: 'pread into warm anonymous memory',
    plain: ({ reference, anonymous, file, threads }) => reference.run('pread', anonymous, file, threads),
    bulk: (place, device) =>
      runBulk({ operation: 'compare', devices: [device], segments: whole(place), fd: place.file, ...place }),
  },
  {
    name: 'fillPattern',
    against: 'memcpy',
    plain: ({ reference, memory, other, threads }) => reference.run('memcpy', memory, other, threads),
    bulk: (place, device) =>
      runBulk({ operation: 'fillPattern', devices: [device], segments: whole(place), seed: SEED, ...place }),
  },
  {
    name: 'verifyPattern',
    against: 'memcpy',
    plain: ({ reference, memory, other, threads }) => reference.run('memcpy', other, memory, threads),
    bulk: (place, device) =>
      runBulk({ operation: 'verifyPattern', devices: [device], segments: whole(place), seed: SEED, ...place }),
  },
];
