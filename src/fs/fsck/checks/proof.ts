/** Whether a device is what its superblock claims: it must have a log, or remains of one. */
import { LOG_MAGIC } from '../../../format/logHeader.js';
import type { InspectedLog } from './inspection.js';

/** Whether a field of the header that never changes is right, or there is a complete entry. */
export function isRecognisable({ log, reading, end }: InspectedLog): boolean {
  const { magic, crc, length, lastIndex } = reading.header;
  const right = [magic === LOG_MAGIC, crc === reading.crcFound, length === log.length, lastIndex === log.capacity - 1];
  return end > 0 || right.some(Boolean);
}
