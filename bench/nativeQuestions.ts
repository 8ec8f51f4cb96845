import { compare, copyIn, copyOut, fillPattern, verifyPattern, zero } from '../src/native/bulk.js';
import type { MappedDevice } from '../src/native/device.js';
import type { Reference } from './nativeReference.js';

/** What the work is done on. Areas are of `reference`, and all as large as the device. */
export interface Place {
  size: number;
  threads: number;
  reference: Reference;
  /** file descriptor of the file that is copied from and to */
  file: number;
  /** warm anonymous memory, for system calls to copy from and to */
  anonymous: number;
  /** what the plain loops take in the device's place */
  memory: number;
  /** what they copy from and to */
  other: number;
}

/** A bulk operation, and the plain loop that moves as many bytes. */
export interface Question {
  name: string;
  against: string;
  plain(place: Place): void;
  bulk(place: Place, device: MappedDevice): Promise<{ bytes: number; faults: unknown[]; difference?: unknown }>;
}

const SEED = 42;

function whole({ size }: Place) {
  return [{ device: 0, offset: 0, fileOffset: 0, length: size }];
}

/** In an order that leaves file and device alike for compare, and the pattern in the device for verify. */
export const questions: readonly Question[] = [
  {
    name: 'zero',
    against: 'memset',
    plain: ({ reference, memory, threads }) => reference.run('memset', memory, 0, threads),
    bulk: (place, device) => zero([device], whole(place), place),
  },
  {
    name: 'copyIn',
    against: 'pread into warm anonymous memory',
    plain: ({ reference, anonymous, file, threads }) => reference.run('pread', anonymous, file, threads),
    bulk: (place, device) => copyIn([device], whole(place), place.file, place),
  },
  {
    name: 'copyOut',
    against: 'pwrite from warm anonymous memory',
    plain: ({ reference, anonymous, file, threads }) => reference.run('pwrite', anonymous, file, threads),
    bulk: (place, device) => copyOut([device], whole(place), place.file, place),
  },
  {
    name: 'compare',
    against: 'pread into warm anonymous memory',
    plain: ({ reference, anonymous, file, threads }) => reference.run('pread', anonymous, file, threads),
    bulk: (place, device) => compare([device], whole(place), place.file, place),
  },
  {
    name: 'fillPattern',
    against: 'memcpy',
    plain: ({ reference, memory, other, threads }) => reference.run('memcpy', memory, other, threads),
    bulk: (place, device) => fillPattern([device], whole(place), SEED, place),
  },
  {
    name: 'verifyPattern',
    against: 'memcpy',
    plain: ({ reference, memory, other, threads }) => reference.run('memcpy', other, memory, threads),
    bulk: (place, device) => verifyPattern([device], whole(place), SEED, place),
  },
];
