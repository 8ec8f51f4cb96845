/** Logs found by their own header, where no superblock says where they are. */
import { LOG_MAGIC, MIN_LOG_LENGTH } from '../../format/logHeader.js';
import { DEFAULT_ALLOCATION_UNIT, SUPERBLOCK_REGION } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { isLogLength } from '../media/superblockReader.js';
import { isHeaderSound, Log } from './log.js';

/** The length in the log header at `offset` bytes; undefined if that is not a header. */
export function logLengthAt(device: MappedDevice, offset: number): number | undefined {
  return logOfHeader(device, offset, DEFAULT_ALLOCATION_UNIT)?.length;
}

/**
 * The log whose header is at `offset` bytes of the device, with the length in that header; undefined if that is not a header.
 * @param unit allocation unit of the file system, bytes
 * @param deviceOffset as Log has it
 */
export function logOfHeader(
  device: MappedDevice,
  offset: number,
  unit: number,
  deviceOffset = offset,
): Log | undefined {
  const room = device.size - offset;
  if (room < MIN_LOG_LENGTH) return undefined;
  const { header } = new Log(device, offset, MIN_LOG_LENGTH, unit).readHeader();
  if (header.magic !== LOG_MAGIC || !isLogLength(header.length, room + SUPERBLOCK_REGION)) return undefined;
  return new Log(device, offset, header.length, unit, deviceOffset);
}

/**
 * The log whose sound header lies at `offset` bytes; undefined where there is none. The header does not tell the allocation unit, so
 * maps of its entries are not to be judged.
 */
export function soundLogAt(device: MappedDevice, offset: number): Log | undefined {
  const log = logOfHeader(device, offset, DEFAULT_ALLOCATION_UNIT);
  return log !== undefined && isHeaderSound(log, log.readHeader()) ? log : undefined;
}
