/**
 * Declares a record of the media once: ordered fields with their types and meaning. Offsets, reading, writing, the
 * TypeScript type and the table in docs/format.md derive from the declaration.
 */
import { formatUuid, parseUuid } from './uuid.js';

/** A value does not fit its field; nothing was written. */
export class FieldRangeError extends RangeError {
  readonly code = 'FIELD_RANGE';
  constructor(
    readonly field: string,
    readonly found: unknown,
    allowed: string,
  ) {
    super(`${field}: ${String(found)} is out of range, allowed is ${allowed}`);
    this.name = 'FieldRangeError';
  }
}

/** A field of a record. `read` never throws, since damage must be readable to be reported. */
export interface Field<T> {
  readonly size: number;
  readonly type: string;
  readonly doc: string;
  read(view: DataView, at: number): T;
  write(view: DataView, at: number, value: T, name: string): void;
}

type Values<F> = { -readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

export interface Struct<F extends Record<string, Field<unknown>>> {
  readonly name: string;
  /** bytes */
  readonly size: number;
  readonly fields: F;
  /** byte offset of each field from the record's start */
  readonly offsets: { readonly [K in keyof F]: number };
  read(view: DataView, base: number): Values<F>;
  /** Writes the given fields; the bytes of absent fields stay as they are. Throws FieldRangeError. */
  write(view: DataView, base: number, values: Partial<Values<F>>): void;
}

/** The TypeScript type of a struct's record. */
export type RecordOf<S> = S extends Struct<infer F> ? Values<F> : never;

const TWO_32 = 2 ** 32;
const TWO_64 = 2n ** 64n;
const MAX_SAFE_HIGH = 0x1fffff;

/**
 * A 64-bit size or offset as a number. Above 2^53-1 it reads as Infinity, never as a rounded value: every bound check
 * then fails by itself, and writing it back throws.
 */
export function readU64(view: DataView, at: number): number {
  const high = view.getUint32(at + 4, true);
  const low = view.getUint32(at, true);
  return high > MAX_SAFE_HIGH ? Number.POSITIVE_INFINITY : high * TWO_32 + low;
}

function writeU64(view: DataView, at: number, value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new FieldRangeError(name, value, '0..2^53-1');
  view.setUint32(at, value % TWO_32, true);
  view.setUint32(at + 4, Math.floor(value / TWO_32), true);
}

function checkUnsigned(value: number, bits: number, name: string): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits)
    throw new FieldRangeError(name, value, `0..2^${bits}-1`);
}

export function u8(doc: string): Field<number> {
  return {
    size: 1,
    type: 'u8',
    doc,
    read: (view, at) => view.getUint8(at),
    write(view, at, value, name) {
      checkUnsigned(value, 8, name);
      view.setUint8(at, value);
    },
  };
}

export function u16(doc: string): Field<number> {
  return {
    size: 2,
    type: 'u16',
    doc,
    read: (view, at) => view.getUint16(at, true),
    write(view, at, value, name) {
      checkUnsigned(value, 16, name);
      view.setUint16(at, value, true);
    },
  };
}

export function u32(doc: string): Field<number> {
  return {
    size: 4,
    type: 'u32',
    doc,
    read: (view, at) => view.getUint32(at, true),
    write(view, at, value, name) {
      checkUnsigned(value, 32, name);
      view.setUint32(at, value, true);
    },
  };
}

export function u64(doc: string): Field<number> {
  return { size: 8, type: 'u64', doc, read: readU64, write: writeU64 };
}

/** A 64-bit value that stays exact above 2^53-1, for messages that are checked rather than used. */
export function exactU64(doc: string): Field<bigint> {
  return {
    size: 8,
    type: 'u64',
    doc,
    read: (view, at) => view.getBigUint64(at, true),
    write(view, at, value, name) {
      if (value < 0n || value >= TWO_64) throw new FieldRangeError(name, value, '0..2^64-1');
      view.setBigUint64(at, value, true);
    },
  };
}

/** A number for an exactU64 field. Throws FieldRangeError unless it is a whole number from 0 to 2^53-1. */
export function toExact(value: number, name: string): bigint {
  if (!Number.isSafeInteger(value) || value < 0) throw new FieldRangeError(name, value, '0..2^53-1');
  return BigInt(value);
}

export function uuid(doc: string): Field<string> {
  return {
    size: 16,
    type: 'uuid',
    doc,
    read: formatUuid,
    write: (view, at, value, name) => bytesOf(view, at, 16).set(parseUuid(value, name)),
  };
}

/** A copy of `size` raw bytes. */
export function bytes(size: number, doc: string): Field<Uint8Array> {
  return {
    size,
    type: `bytes[${size}]`,
    doc,
    read: (view, at) => bytesOf(view, at, size).slice(),
    write(view, at, value, name) {
      if (value.length > size) throw new FieldRangeError(name, `${value.length} bytes`, `at most ${size} bytes`);
      const target = bytesOf(view, at, size);
      target.fill(0);
      target.set(value);
    },
  };
}

function bytesOf(view: DataView, at: number, size: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, size);
}

/** Declares a struct; `size` is asserted against the sum of its fields, so that an inconsistent table cannot be loaded. */
export function struct<F extends Record<string, Field<unknown>>>(name: string, size: number, fields: F): Struct<F> {
  const offsets: Record<string, number> = {};
  const rows: { key: string; at: number; field: Field<unknown>; name: string }[] = [];
  let end = 0;
  for (const [key, field] of Object.entries(fields)) {
    offsets[key] = end;
    rows.push({ key, at: end, field, name: `${name}.${key}` });
    end += field.size;
  }
  if (end !== size) throw new Error(`struct ${name}: fields take ${end} bytes, declared are ${size}`);
  return {
    name,
    size,
    fields,
    offsets: offsets as { [K in keyof F]: number },
    read(view, base) {
      const record: Record<string, unknown> = {};
      for (const { key, at, field } of rows) record[key] = field.read(view, base + at);
      return record as Values<F>;
    },
    write(view, base, values) {
      for (const { key, at, field, name: qualified } of rows) {
        const value = values[key] as unknown;
        if (value !== undefined) field.write(view, base + at, value, qualified);
      }
    },
  };
}

/** A view of exactly the bytes of `data`, wherever they are in its buffer. */
export function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * The bytes of a record, zeros where a field is left out. Its crc covers what comes before it, and is computed by `crc32`. Throws
 * FieldRangeError.
 */
export function encodeWithCrc<F extends Record<string, Field<unknown>> & { crc: Field<number> }>(
  record: Struct<F>,
  values: Partial<Values<F>>,
  crc32: (data: Uint8Array) => number,
): Buffer {
  const image = Buffer.alloc(record.size);
  const view = viewOf(image);
  record.write(view, 0, values);
  record.write(view, 0, { crc: crc32(image.subarray(0, record.offsets.crc)) } as Partial<Values<F>>);
  return image;
}
