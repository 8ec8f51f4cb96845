import { readFileSync } from 'node:fs';
import { addon } from '../../../../src/native/addon.js';
import { type DeviceError, MappedDevice } from '../../../../src/native/device.js';
import type { Target } from './mainJob.js';

export interface MappingFacts {
  /** bytes of all mappings of the device, according to the kernel */
  readonly mapped: readonly { readonly offset: number; readonly length: number }[];
  /** error of an access past the device's end, through a mapping that is too long: its code and device offset */
  readonly beyond: { readonly code: string; readonly offset?: number };
  /** accesses that are refused outright */
  readonly refused: string;
}

/** How the toolkit maps a device, and what an access past its end does. */
export default async function mapping({ dev, size, align }: Target): Promise<MappingFacts> {
  const device = MappedDevice.open(dev, { writable: true });
  const mapped = mappingsOf(dev);
  const refused = errorOf(() => device.read(size, 1)).name;
  device.close();
  const { Device } = addon();
  const [, major = '', minor = ''] = device.identity.split(':');
  const tooLong = new Device(dev, true, true, size + align, BigInt(major), BigInt(minor));
  const { code, offset } = errorOf(() => tooLong.readInto(Buffer.alloc(64), size)) as DeviceError;
  tooLong.close();
  return { mapped, beyond: { code, ...(offset !== undefined && { offset }) }, refused };
}

function mappingsOf(path: string): { offset: number; length: number }[] {
  const lines = readFileSync('/proc/self/maps', 'utf8').split('\n');
  return lines
    .filter((line) => line.endsWith(` ${path}`))
    .map((line) => {
      const [range = '', , offset = ''] = line.split(' ');
      const [start = 0, end = 0] = range.split('-').map((address) => Number(`0x${address}`));
      return { offset: Number(`0x${offset}`), length: end - start };
    });
}

function errorOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('no error');
}
