/**
 * Records of this program in the superblock region of a primary, where the reference never reads. Each has a magic, a version, the
 * uuid of its file system and a CRC of all that is before that.
 */
import { hex } from '../../format/fieldText.js';
import { viewOf } from '../../format/struct.js';
import { crc32, type MappedDevice } from '../../native/device.js';
import type { FieldValues } from '../finding/values.js';
import { readShared } from './sharedMemory.js';

interface RecordHead {
  readonly magic: number;
  readonly version: number;
  readonly fsUuid: string;
  readonly crc: number;
}

/** One kind of record. */
export interface RecordKind<R extends RecordHead> {
  readonly struct: {
    readonly name: string;
    readonly size: number;
    readonly offsets: { readonly crc: number };
    read(view: DataView, base: number): R;
  };
  /** bytes from the start of the primary */
  readonly offset: number;
  readonly magic: number;
  readonly version: number;
}

export interface RecordReading<R extends RecordHead> {
  /** fields as stored */
  readonly record: R;
  /** of the bytes that its crc covers */
  readonly crcFound: number;
}

/** The bytes of a record, unchecked; empty if the device, or the meta file of a mount, is too short. */
export function recordBytes<R extends RecordHead>(primary: MappedDevice, { struct, offset }: RecordKind<R>): Buffer {
  return primary.size < offset + struct.size ? Buffer.alloc(0) : readShared(primary, offset, struct.size);
}

/** Reads a record, which may be damaged; undefined if there was never one. */
export function readRecord<R extends RecordHead>(
  primary: MappedDevice,
  kind: RecordKind<R>,
): RecordReading<R> | undefined {
  const image = recordBytes(primary, kind);
  if (image.length === 0) return undefined;
  const record = kind.struct.read(viewOf(image), 0);
  const crcFound = crc32(image.subarray(0, kind.struct.offsets.crc));
  // where neither is right, anything may be there
  return record.magic === kind.magic || record.crc === crcFound ? { record, crcFound } : undefined;
}

/** Whether an intact record belongs to another file system, of which it is a leftover. */
export function isLeftover<R extends RecordHead>({ record, crcFound }: RecordReading<R>, fsUuid: string): boolean {
  return record.crc === crcFound && record.fsUuid !== fsUuid;
}

/** The first wrong one of the fields that all kinds of records have. */
export function commonFault<R extends RecordHead>(
  kind: RecordKind<R>,
  { record: { magic, crc, version }, crcFound }: RecordReading<R>,
): FieldValues | undefined {
  if (magic !== kind.magic) return recordFault(kind, 'magic', hex(magic), hex(kind.magic));
  if (crc !== crcFound) return recordFault(kind, 'crc', hex(crc), hex(crcFound));
  return version === kind.version ? undefined : recordFault(kind, 'version', version, kind.version);
}

/** A wrong field of a record. */
export function recordFault<R extends RecordHead>(
  { struct: { name } }: RecordKind<R>,
  field: keyof R & string,
  found: string | number,
  allowed: string | number,
): FieldValues {
  return { field: `${name}.${field}`, found: String(found), allowed: String(allowed) };
}
