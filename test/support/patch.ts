/** Changes fields of an image's records by name, and corrects the crc if the test wants that. */
import { addDaxdevStruct } from '../../src/format/entries/addDaxdev.js';
import { fileStruct, interleavedStruct } from '../../src/format/entries/fileStruct.js';
import { mkdirStruct } from '../../src/format/entries/mkdir.js';
import { LOG_ENTRY_CRC_SPAN, logEntryStruct, PAYLOAD_OFFSET } from '../../src/format/logEntry.js';
import { LOG_HEADER_CRC_SPAN, logHeaderStruct, slotOffset } from '../../src/format/logHeader.js';
import { type Field, type Struct, viewOf } from '../../src/format/struct.js';
import { SUPERBLOCK_CRC_SPAN, SUPERBLOCK_REGION, superblockStruct } from '../../src/format/superblock.js';
import { crc32 } from '../../src/native/device.js';

export type Value = number | bigint | string | Uint8Array;

/** Where the entry of a slot begins in an image. */
export function entryOffset(slot: number): number {
  return SUPERBLOCK_REGION + slotOffset(slot);
}

/** Writes one field raw: any 64-bit value, even one that famfs would never write. */
export function poke(
  image: Buffer,
  base: number,
  struct: Struct<Record<string, Field<unknown>>>,
  name: string,
  value: Value,
): void {
  const field = struct.fields[name];
  const at = base + (struct.offsets[name] as number);
  if (field === undefined) throw new Error(`no field ${struct.name}.${name}`);
  if (typeof value === 'string') field.write(viewOf(image), at, value, name);
  else if (value instanceof Uint8Array) image.set(value, at);
  else if (field.size === 8) image.writeBigUInt64LE(BigInt(value), at);
  else if (field.size === 4) image.writeUInt32LE(Number(value), at);
  else throw new Error(`${name} is no number`);
}

export function pokeSuperblock(image: Buffer, name: string, value: Value, fixCrc = true): void {
  poke(image, 0, superblockStruct, name, value);
  if (fixCrc) poke(image, 0, superblockStruct, 'crc', crc32(image.subarray(0, SUPERBLOCK_CRC_SPAN)));
}

export function pokeHeader(image: Buffer, name: string, value: Value, fixCrc = true): void {
  poke(image, SUPERBLOCK_REGION, logHeaderStruct, name, value);
  const covered = image.subarray(SUPERBLOCK_REGION, SUPERBLOCK_REGION + LOG_HEADER_CRC_SPAN);
  if (fixCrc) poke(image, SUPERBLOCK_REGION, logHeaderStruct, 'crc', crc32(covered));
}

const PAYLOADS = { file: fileStruct, mkdir: mkdirStruct, daxdev: addDaxdevStruct } as const;

export function pokePayload(
  image: Buffer,
  slot: number,
  kind: keyof typeof PAYLOADS,
  name: string,
  value: Value,
): void {
  poke(image, entryOffset(slot) + PAYLOAD_OFFSET, PAYLOADS[kind] as never, name, value);
  sealEntry(image, slot);
}

export function pokeEntry(image: Buffer, slot: number, name: string, value: Value, fixCrc = true): void {
  poke(image, entryOffset(slot), logEntryStruct, name, value);
  if (fixCrc) sealEntry(image, slot);
}

/** Changes a number of extent (or strip) `i` of a FILE entry: 0 daxdev, 1 device offset, 2 length. */
export function pokeExtent(
  image: Buffer,
  slot: number,
  i: number,
  member: 0 | 1 | 2,
  value: number | bigint,
  interleaved = false,
): void {
  const extents = entryOffset(slot) + PAYLOAD_OFFSET + fileStruct.offsets.extents;
  const first = extents + (interleaved ? interleavedStruct.offsets.strips : 0);
  image.writeBigUInt64LE(BigInt(value), first + i * 24 + member * 8);
  sealEntry(image, slot);
}

/** Changes stripCount or chunkSize of an interleaved FILE entry. */
export function pokeInterleaved(image: Buffer, slot: number, name: 'stripCount' | 'chunkSize', value: Value): void {
  poke(image, entryOffset(slot) + PAYLOAD_OFFSET + fileStruct.offsets.extents, interleavedStruct as never, name, value);
  sealEntry(image, slot);
}

/** Corrects the crc of an entry. */
export function sealEntry(image: Buffer, slot: number): void {
  const at = entryOffset(slot);
  poke(image, at, logEntryStruct, 'crc', crc32(image.subarray(at, at + LOG_ENTRY_CRC_SPAN)));
}
