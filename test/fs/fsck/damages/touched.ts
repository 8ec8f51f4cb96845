/** Which fields a damage changed: a row must not damage another field than it says. */
import { typeOfCode } from '../../../../src/format/entries/entryTypes.js';
import {
  EXTENT_INTERLEAVED,
  extentStruct,
  fileStruct,
  interleavedStruct,
} from '../../../../src/format/entries/fileStruct.js';
import { LOG_ENTRY_SIZE, logEntryStruct, PAYLOAD_OFFSET } from '../../../../src/format/logEntry.js';
import { logHeaderStruct } from '../../../../src/format/logHeader.js';
import { LOG_HISTORY_OFFSET, logHistoryStruct } from '../../../../src/format/logHistory.js';
import { POOL_DEFAULTS_OFFSET, poolDefaultsStruct } from '../../../../src/format/poolDefaults.js';
import { POOL_LABEL_OFFSET, poolLabelStruct } from '../../../../src/format/poolLabel.js';
import { SUPERBLOCK_REGION, superblockStruct } from '../../../../src/format/superblock.js';
import { entryOffset } from '../../../support/patch.js';
import type { AnyStruct } from './damage.js';

/** bytes that are compared at once, because most of an image is unchanged */
const BLOCK = 4096;

/** struct.field of all fields that differ, including those that contain others and those within. */
export function touchedFields(sound: Buffer, damaged: Buffer): Set<string> {
  const fields = new Set<string>();
  for (const at of differences(sound, damaged))
    for (const image of [sound, damaged]) for (const field of fieldsAt(image, at)) fields.add(field);
  return fields;
}

function* differences(sound: Buffer, damaged: Buffer): Generator<number> {
  for (let block = 0; block < sound.length; block += BLOCK) {
    const end = Math.min(block + BLOCK, sound.length);
    if (sound.compare(damaged, block, end, block, end) === 0) continue;
    for (let at = block; at < end; at++) if (sound[at] !== damaged[at]) yield at;
  }
}

function fieldsAt(image: Buffer, at: number): string[] {
  if (at >= SUPERBLOCK_REGION + logHeaderStruct.size) return entryFieldsAt(image, at);
  if (at >= SUPERBLOCK_REGION) return fieldIn(logHeaderStruct, at - SUPERBLOCK_REGION);
  if (at >= POOL_LABEL_OFFSET) return fieldIn(poolLabelStruct, at - POOL_LABEL_OFFSET);
  if (at >= LOG_HISTORY_OFFSET) return fieldIn(logHistoryStruct, at - LOG_HISTORY_OFFSET);
  if (at >= POOL_DEFAULTS_OFFSET) return fieldIn(poolDefaultsStruct, at - POOL_DEFAULTS_OFFSET);
  return fieldIn(superblockStruct, at);
}

function entryFieldsAt(image: Buffer, at: number): string[] {
  const slot = Math.floor((at - entryOffset(0)) / LOG_ENTRY_SIZE);
  const entry = entryOffset(slot);
  const own = fieldIn(logEntryStruct, at - entry);
  const payload = entry + PAYLOAD_OFFSET;
  if (own[0] !== 'log_entry.payload') return own;
  const type = typeOfCode(image.readUInt32LE(entry + logEntryStruct.offsets.type));
  if (type === undefined) return own;
  const fields =
    type.struct === fileStruct ? fileFieldsAt(image, payload, at - payload) : fieldIn(type.struct, at - payload);
  return [...own, ...fields];
}

function fileFieldsAt(image: Buffer, payload: number, at: number): string[] {
  const own = fieldIn(fileStruct, at);
  const inExtents = at - fileStruct.offsets.extents;
  if (inExtents < 0) return own;
  const striped = image.readUInt32LE(payload + fileStruct.offsets.extentType) === EXTENT_INTERLEAVED;
  const record = striped ? fieldIn(interleavedStruct, inExtents) : [];
  const inList = inExtents - (striped ? interleavedStruct.offsets.strips : 0);
  const extent = inList < 0 ? [] : fieldIn(extentStruct, inList % extentStruct.size);
  return [...own, ...record, ...extent];
}

/** The field of a struct at an offset; undefined past its end. */
function fieldIn({ name, fields, offsets }: AnyStruct, at: number): string[] {
  const field = Object.entries(fields).find(([key, { size }]) => {
    const start = offsets[key] as number;
    return at >= start && at < start + size;
  });
  return field === undefined ? [] : [`${name}.${field[0]}`];
}
