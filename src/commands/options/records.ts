/** Text that a separator byte divides into records: lines, or fields that end with NUL. */
import { isUtf8 } from 'node:buffer';
import { decodePath } from '../../format/path.js';

/** bytes; a longer record is refused, so that no input fills the memory */
export const MAX_RECORD = 65_536;

/** A record with more than MAX_RECORD bytes; `number` counts from 1. */
export class LongRecordError extends Error {
  constructor(readonly number: number) {
    super(`record ${number} has more than ${MAX_RECORD} bytes`);
  }
}

/**
 * The records of a stream of bytes, as many at a time as have arrived. The last line may lack its newline, but a field must have
 * its NUL. Bytes that are not UTF-8 are kept as decodePath keeps them. Throws LongRecordError, and Error for a field without its
 * NUL.
 * @param before records that were read before these, for the number in an error
 */
export async function* readRecords(
  chunks: AsyncIterable<Buffer>,
  end: '\n' | '\0',
  before = 0,
): AsyncGenerator<string[]> {
  let count = before;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const length = bytes.lastIndexOf(end) + 1;
    rest = bytes.subarray(length);
    const records = length === 0 ? [] : split(bytes.subarray(0, length - 1), end);
    const long = records.findIndex((record) => record.length > MAX_RECORD);
    if (long >= 0) throw new LongRecordError(count + long + 1);
    count += records.length;
    if (rest.length > MAX_RECORD) throw new LongRecordError(count + 1);
    if (records.length > 0) yield records;
  }
  if (rest.length === 0) return;
  if (end === '\0') throw new Error('it does not end with NUL');
  yield [decodePath(rest)];
}

/** All at once if it is UTF-8, which is many times faster. */
function split(bytes: Buffer, end: string): string[] {
  if (isUtf8(bytes)) return bytes.toString('utf8').split(end);
  return bytes
    .toString('latin1')
    .split(end)
    .map((record) => decodePath(Buffer.from(record, 'latin1')));
}
