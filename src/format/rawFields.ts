/** Records as they lie on media, field by field: for looking at them, sound or not. */
import { decodePath, hasControlCharacters } from './path.js';
import { type Field, type Struct, viewOf } from './struct.js';
import { formatUuid } from './uuid.js';

export type AnyStruct = Struct<Record<string, Field<unknown>>>;

/** One field, with its bytes. */
export interface RawField {
  /** struct.field, with an index for the elements of an array: extent[3].length */
  readonly name: string;
  /** as its struct declares it: u64, uuid, bytes[64] */
  readonly type: string;
  /** bytes from the start of the outermost record */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** what it means, as its struct declares it */
  readonly doc: string;
}

/** A record within another, in place of one of its fields. */
export interface Nested {
  /** the field of the outer record that it lies in */
  readonly field: string;
  /** prefix of the names of its fields */
  readonly name: string;
  readonly struct: AnyStruct;
  /** bytes from the start of the outermost record */
  readonly offset: number;
  /** its own fields in which other records lie */
  readonly without?: readonly string[];
}

/**
 * The fields of a record in order. Fields in which other records lie are left to these.
 * @param offset bytes from the start of `image`, which must hold the whole record
 */
export function rawFields(
  { fields, offsets, name: own }: AnyStruct,
  image: Uint8Array,
  offset = 0,
  name = own,
  without: readonly string[] = [],
): RawField[] {
  return Object.entries(fields)
    .filter(([field]) => !without.includes(field))
    .map(([field, { type, size, doc }]) => {
      const at = offset + (offsets[field] as number);
      return { name: `${name}.${field}`, type, offset: at, bytes: image.subarray(at, at + size), doc };
    });
}

/**
 * The value of a field as exact text: decimal for a number, also above 2^53-1; a uuid; text for bytes that are printable up to zeros
 * at their end. Undefined for other bytes.
 */
export function fieldValue({ type, bytes }: RawField): string | undefined {
  if (type === 'uuid') return formatUuid(viewOf(bytes), 0);
  if (!type.startsWith('bytes')) return numberOf(bytes).toString();
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  const text = decodePath(bytes.subarray(0, end));
  return hasControlCharacters(text) ? undefined : text;
}

/** The bytes as a little-endian number. */
export function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Whether a field is a number. */
export function isNumber({ type }: RawField): boolean {
  return /^u\d+$/.test(type);
}
