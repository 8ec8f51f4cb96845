/** Replaces the names in records, so that checks find the same in them. */

import { ENTRY_TYPES, typeOfCode } from '../../format/entries/entryTypes.js';
import {
  LOG_ENTRY_CRC_SPAN,
  LOG_ENTRY_SIZE,
  logEntryStruct,
  PAYLOAD_OFFSET,
  PAYLOAD_SIZE,
} from '../../format/logEntry.js';
import { poolLabelStruct } from '../../format/poolLabel.js';
import type { AnyStruct } from '../../format/rawFields.js';
import { readU64, viewOf } from '../../format/struct.js';
import { superblockStruct } from '../../format/superblock.js';
import { crc32 } from '../../native/device.js';
import type { NameMap } from './nameMap.js';

const { sequence: SEQUENCE, type: TYPE, crc: CRC } = logEntryStruct.offsets;
/** in place of a byte that must be 0 and is not, and may be part of a name */
const SET = 1;
const COLON = 0x3a;

/** Replaces the device name of a superblock, which its CRC does not cover. */
export function scrambleSuperblock(bytes: Buffer, names: NameMap): void {
  const { deviceName } = superblockStruct.offsets;
  scrambleField(bytes.subarray(deviceName, deviceName + superblockStruct.fields.deviceName.size), names);
}

/** Replaces a label. The stored CRC changes by as much as the computed one, and stays right or wrong. */
export function scrambleLabel(bytes: Buffer, names: NameMap): void {
  const { label, crc } = poolLabelStruct.offsets;
  const before = crc32(bytes.subarray(0, crc));
  const field = bytes.subarray(label, label + poolLabelStruct.fields.label.size);
  const own = Buffer.from(field);
  scrambleField(field, names);
  // no label may have one, so it must be found there
  for (const [i, byte] of own.entries()) if (byte === COLON) field[i] = COLON;
  adjust(bytes, crc, before, crc32(bytes.subarray(0, crc)));
}

/** Changes a stored checksum by the difference of two computed ones. */
export function adjust(bytes: Buffer, at: number, before: number, after: number): void {
  const view = viewOf(bytes);
  view.setBigUint64(at, view.getBigUint64(at, true) ^ BigInt(before) ^ BigInt(after), true);
}

/**
 * Replaces the names in entries, back to back. What the log does not count is left out unless it is a complete entry: it may be
 * anything.
 * @param first slot of the first of them
 * @param counted slots that the log counts
 */
export function scrambleEntries(bytes: Buffer, first: number, counted: number, names: NameMap): void {
  for (let at = 0; at < bytes.length; at += LOG_ENTRY_SIZE) {
    const slot = first + at / LOG_ENTRY_SIZE;
    const entry = bytes.subarray(at, at + LOG_ENTRY_SIZE);
    const view = viewOf(entry);
    const computed = crc32(entry.subarray(0, LOG_ENTRY_CRC_SPAN));
    const isComplete = readU64(view, CRC) === computed && readU64(view, SEQUENCE) === slot;
    if (slot >= counted && !isComplete) entry.fill(0);
    else scrambleEntry(entry, slot, computed, names);
  }
}

/**
 * The stored CRC changes by as much as the computed one. So it stays right or wrong, and a bit that was flipped outside of names can
 * still be found. A wrong one of 0 stays 0: it tells a torn entry from one that was damaged later.
 */
function scrambleEntry(entry: Buffer, slot: number, computed: number, names: NameMap): void {
  const payload = entry.subarray(PAYLOAD_OFFSET, PAYLOAD_OFFSET + PAYLOAD_SIZE);
  scramblePayload(payload, structOf(entry, slot, computed), names);
  const after = crc32(entry.subarray(0, LOG_ENTRY_CRC_SPAN));
  const isLost = readU64(viewOf(entry), CRC) === 0 && computed !== 0 && after !== 0;
  if (!isLost) adjust(entry, CRC, computed, after);
}

/**
 * The fields of a payload; undefined if its type is unknown. The type of an entry with a wrong CRC may be what is wrong: the type that
 * makes the CRC right is meant then. Where the frame was lost, any type may have been meant, and the names are anywhere.
 */
function structOf(entry: Buffer, slot: number, computed: number): AnyStruct | undefined {
  const view = viewOf(entry);
  const stored = readU64(view, CRC);
  const code = view.getUint32(TYPE, true);
  if (stored === computed) return typeOfCode(code)?.struct;
  if (slot > 0 && entry.subarray(0, PAYLOAD_OFFSET).every((byte) => byte === 0)) return undefined;
  const meant = Object.values(ENTRY_TYPES).find((type) => {
    view.setUint32(TYPE, type.code, true);
    return stored === crc32(entry.subarray(0, LOG_ENTRY_CRC_SPAN));
  });
  view.setUint32(TYPE, code, true);
  return (meant ?? typeOfCode(code))?.struct;
}

function scramblePayload(payload: Buffer, struct: AnyStruct | undefined, names: NameMap): void {
  if (struct === undefined) {
    replaceSet(payload);
    return;
  }
  const at = struct.offsets.path;
  const size = struct.fields.path?.size ?? 0;
  if (at !== undefined) scrambleField(payload.subarray(at, at + size), names);
  replaceSet(payload.subarray(struct.size));
}

/** A field with text up to its first NUL. */
function scrambleField(field: Buffer, names: NameMap): void {
  const nul = field.indexOf(0);
  const end = nul < 0 ? field.length : nul;
  names.scramble(field.subarray(0, end));
  replaceSet(field.subarray(end));
}

/** Keeps which bytes are 0. */
function replaceSet(bytes: Buffer): void {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) bytes[i] = SET;
}
