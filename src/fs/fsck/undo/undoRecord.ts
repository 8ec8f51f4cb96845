/**
 * Undo images: the bytes that repairs are about to overwrite, saved in a file (docs/fsck.md, "Undo images"). Records follow the
 * first line: a line of JSON, the bytes before and after the write, and a CRC-32 of all three. The last line marks the end of the
 * run. The write of a truncated record was never made.
 */
import { isAbsolute } from 'node:path';
import { crc32 } from '../../../native/device.js';
import type { DaxdevRole } from '../../finding/values.js';

export const FIRST_LINE = 'famfs undo image 2\n';
/** bytes; no repair writes more at once */
export const MOST_BYTES = 2 ** 26;
/**
 * More than fsck has to write: it repairs a log entry by one write, and that many broken entries are a log of 68 MiB without a
 * sound one. It bounds the memory that undo takes.
 */
export const MOST_RECORDS = 2 ** 17;
/** bytes of the longest undo image: more than the repairs of a pool of 64 write, before and after */
export const MOST_IMAGE_BYTES = 512 * 2 ** 20;
/** room for the last line of an image, in bytes */
export const LAST_LINE_ROOM = 4096;
/** bytes; a path has 4096 at most, each six in JSON */
const LONGEST_LINE = 65_536;
const LINE_START = 0x7b;
const CRC_SIZE = 4;
const NEWLINE = 0x0a;

/** The daxdev that a repair wrote to, as identified by the superblock that it leaves. */
export interface WrittenDaxdev {
  /** absolute path of the daxdev or image at the time of the repair */
  readonly device: string;
  readonly fsUuid: string;
  readonly deviceUuid: string;
  /** uuid of the Master, which made the repair */
  readonly systemUuid: string;
  readonly role: DaxdevRole;
}

/** One write of a repair. */
export interface UndoRecord extends WrittenDaxdev {
  /** bytes from the start of the daxdev */
  readonly offset: number;
  /** its purpose */
  readonly why: string;
  readonly before: Buffer;
  readonly after: Buffer;
}

/** The item at a position of an image: a record, the last line, something truncated, or none of these. */
export type UndoPiece =
  | { readonly kind: 'record'; readonly record: UndoRecord; readonly end: number }
  | { readonly kind: 'last line' | 'cut short' | 'damaged' };

export function encodeRecord({ before, after, ...fields }: UndoRecord): Buffer {
  const body = Buffer.concat([Buffer.from(`${JSON.stringify({ ...fields, length: after.length })}\n`), before, after]);
  const crc = Buffer.alloc(CRC_SIZE);
  crc.writeUInt32LE(crc32(body));
  return Buffer.concat([body, crc]);
}

/** @param records number of records in the image */
export function encodeLastLine(records: number): string {
  return `${JSON.stringify({ records })}\n`;
}

/** @param index number of records before it */
export function decodePiece(image: Buffer, at: number, index: number): UndoPiece {
  const lineEnd = image.indexOf(NEWLINE, at);
  if (lineEnd < 0) return { kind: at >= image.length || image[at] === LINE_START ? 'cut short' : 'damaged' };
  if (lineEnd - at > LONGEST_LINE) return { kind: 'damaged' };
  const line = image.toString('utf8', at, lineEnd);
  const rest = lineEnd + 1;
  if (line === encodeLastLine(index).trimEnd()) return { kind: rest === image.length ? 'last line' : 'damaged' };
  const fields = parseLine(line);
  if (fields === undefined) return { kind: 'damaged' };
  const { length, ...known } = fields;
  const end = rest + 2 * length + CRC_SIZE;
  if (end > image.length) return { kind: 'cut short' };
  const crcAt = end - CRC_SIZE;
  if (crc32(image.subarray(at, crcAt)) !== image.readUInt32LE(crcAt)) return { kind: 'damaged' };
  const middle = rest + length;
  const record = { ...known, before: image.subarray(rest, middle), after: image.subarray(middle, crcAt) };
  return { kind: 'record', record, end };
}

type Fields = Omit<UndoRecord, 'before' | 'after'> & { readonly length: number };

function parseLine(line: string): Fields | undefined {
  try {
    const fields = JSON.parse(line) as Partial<Record<keyof Fields, unknown>>;
    return areFields(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}

function areFields(fields: Partial<Record<keyof Fields, unknown>>): fields is Fields {
  const { device, fsUuid, deviceUuid, systemUuid, role, why, offset, length } = fields;
  const isText = [device, fsUuid, deviceUuid, systemUuid, why].every((text) => typeof text === 'string');
  const isPath = typeof device === 'string' && isAbsolute(device) && !device.includes('\0');
  const isRole = role === 'primary' || role === 'secondary';
  const isRange = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  return isText && isPath && isRole && isRange && (offset as number) >= 0 && isLength(length as number);
}

function isLength(length: number): boolean {
  return length > 0 && length <= MOST_BYTES;
}
