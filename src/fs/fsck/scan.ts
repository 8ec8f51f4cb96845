/** Salvage: finds logs anywhere on a device by their own magic and CRC, for devices whose superblock is gone. */
import { lastIndexOf } from '../../format/logHeader.js';
import { SUPERBLOCK_REGION } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { soundLogAt } from '../log/logOfHeader.js';

/** A log that was found. */
export interface ScannedLog {
  /** bytes from the device's start */
  readonly deviceOffset: number;
  /** bytes */
  readonly length: number;
  readonly capacity: number;
  /** slots that its header counts */
  readonly counted: number;
  /** one more than the slot of the last complete entry */
  readonly end: number;
}

/** All logs with a sound header at a multiple of 2 MiB: a log begins after a superblock region, whatever the allocation unit. */
export function scanForLogs(device: MappedDevice): ScannedLog[] {
  const found: ScannedLog[] = [];
  for (let offset = 0; offset < device.size; offset += SUPERBLOCK_REGION) {
    const log = soundLogAt(device, offset);
    if (log === undefined) continue;
    const { nextIndex } = log.readHeader().header;
    found.push({
      deviceOffset: offset,
      length: log.length,
      capacity: lastIndexOf(log.length) + 1,
      counted: nextIndex,
      end: log.findEnd(),
    });
  }
  return found;
}
