/**
 * A secondary that leaves its pool: 64 bytes in its superblock region, stored before the log is rewritten without it. It says that
 * with this rewrite the daxdev has left, which its superblock alone does not tell (docs/evacuation.md).
 */
import { encodeWithCrc, type RecordOf, struct, u64, uuid } from './struct.js';

/** bytes from the start of the secondary */
export const DEPARTURE_OFFSET = 0x103000;
export const DEPARTURE_MAGIC = 0x646570617274;
export const DEPARTURE_VERSION = 1;

export const departureStruct = struct('departure', 64, {
  magic: u64('0x646570617274'),
  version: u64('1'),
  fsUuid: uuid('the file system that it leaves'),
  historyUuid: uuid('of the history of the log that begins without it; with any other history, it has not left'),
  daxdev: u64('its index before'),
  crc: u64('CRC-32 of bytes 0..55'),
});

export type Departure = RecordOf<typeof departureStruct>;

/** The record's bytes. */
export function encodeDeparture(
  values: Pick<Departure, 'fsUuid' | 'historyUuid' | 'daxdev'>,
  crc32: (data: Uint8Array) => number,
): Buffer {
  return encodeWithCrc(departureStruct, { magic: DEPARTURE_MAGIC, version: DEPARTURE_VERSION, ...values }, crc32);
}
