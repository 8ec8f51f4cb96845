/**
 * Decodes log entries and says what is wrong with each by itself. This is the inner loop of every replay, so it reads
 * fields at their declared offsets into a cursor and allocates nothing for a sound entry.
 */

import type { FaultSink } from '../fault.js';
import { checkUnused, checkZero, decimalAt, hexAt } from '../fieldText.js';
import { hasControlCharacters, PATH_FIELD_SIZE, pathFault } from '../path.js';
import { readU64 } from '../struct.js';
import { MAX_DAXDEVS, SUPERBLOCK_REGION } from '../superblock.js';
import { formatUuid, NIL_UUID } from '../uuid.js';
import { EntryCursor, type Snapshot } from './cursor.js';
import { readFmap } from './fmapReader.js';
import {
  addDaxdevStruct,
  ENTRY_ADD_DAXDEV,
  ENTRY_FILE,
  ENTRY_MKDIR,
  FILE_FLAG_READ_ONLY,
  FILE_FLAG_READ_WRITE,
  fileStruct,
  LOG_ENTRY_CRC_SPAN,
  logEntryStruct,
  mkdirStruct,
  PAYLOAD_OFFSET,
} from './logEntry.js';

const TYPE = logEntryStruct.offsets.type;
const PADDING = logEntryStruct.offsets.padding;
const CRC = logEntryStruct.offsets.crc;
const FILE = fileStruct.offsets;
const MKDIR = mkdirStruct.offsets;
const DAXDEV = addDaxdevStruct.offsets;

const MODE_BITS = 0o7777;
const MODE_REGULAR = 0o100000;
const MODE_DIRECTORY = 0o040000;
const NO_OWNER = 0xffffffff;

/**
 * Decodes the entry at `base` of the snapshot, which must hold all its bytes.
 * @param slot the slot it lies in, which is the sequence number that it must have
 * @param crc CRC-32 of its first 536 bytes
 * @param unit allocation unit of the file system, bytes
 */
export function decodeEntry(snapshot: Snapshot, base: number, slot: number, crc: number, unit: number): EntryCursor {
  const cursor = new EntryCursor();
  let used = LOG_ENTRY_CRC_SPAN;
  while (used > 0 && snapshot.data[base + used - 1] === 0) used--;
  readEntry(cursor, snapshot, base, slot, crc, used, unit);
  return cursor;
}

/**
 * As decodeEntry, into a cursor that is used again and again; sums come from the caller, who has them in bulk.
 * @param used how many of its first 536 bytes there are up to the last that is not 0
 */
export function readEntry(
  cursor: EntryCursor,
  snapshot: Snapshot,
  base: number,
  slot: number,
  crc: number,
  used: number,
  unit: number,
): void {
  cursor.reset();
  checkFrame(snapshot.view, base, slot, crc, cursor.report);
  readPayload(cursor, snapshot, base, base + used, unit);
}

function checkFrame(view: DataView, base: number, slot: number, crc: number, sink: FaultSink): void {
  const stored = readU64(view, base + CRC);
  if (stored !== crc) sink('ENTRY_CRC', 'log_entry.crc', hexAt(view, base + CRC), `0x${crc.toString(16)}`);
  if (readU64(view, base) !== slot) sink('ENTRY_SEQUENCE', 'log_entry.sequence', decimalAt(view, base), slot);
  if (view.getUint32(base + PADDING, true) !== 0)
    sink('ENTRY_RESERVED', 'log_entry.padding', view.getUint32(base + PADDING, true), 0);
}

/** `end`: position behind the last byte of the entry that is not 0; its crc does not count. */
function readPayload(cursor: EntryCursor, snapshot: Snapshot, base: number, end: number, unit: number): void {
  const type = snapshot.view.getUint32(base + TYPE, true);
  const at = base + PAYLOAD_OFFSET;
  if (type === ENTRY_FILE) readFile(cursor, snapshot, at, end, unit);
  else if (type === ENTRY_MKDIR) readMkdir(cursor, snapshot, at, end);
  else if (type === ENTRY_ADD_DAXDEV) readAddDaxdev(cursor, snapshot.view, at, end);
  else cursor.report('ENTRY_TYPE', 'log_entry.type', type, '0 (FILE), 1 (MKDIR) or 3 (ADD_DAXDEV)');
}

function readFile(cursor: EntryCursor, snapshot: Snapshot, at: number, end: number, unit: number): void {
  const { view } = snapshot;
  const sink = cursor.report;
  const size = readU64(view, at + FILE.size);
  const flags = view.getUint32(at + FILE.flags, true);
  cursor.type = 'FILE';
  cursor.size = size;
  cursor.flags = flags;
  cursor.uid = view.getUint32(at + FILE.uid, true);
  cursor.gid = view.getUint32(at + FILE.gid, true);
  readPath(cursor, snapshot, at + FILE.path, 'file.path');
  if (size === 0 || size === Number.POSITIVE_INFINITY)
    sink('FILE_SIZE', 'file.size', decimalAt(view, at + FILE.size), '1..2^53-1');
  if (flags !== FILE_FLAG_READ_WRITE && flags !== FILE_FLAG_READ_ONLY)
    sink('FILE_FLAGS', 'file.flags', flags, '1 (all hosts read-only) or 2 (all hosts read-write)');
  checkOwner(cursor, 'file');
  readMode(cursor, 'file', view.getUint32(at + FILE.mode, true), MODE_REGULAR);
  if ((view.getUint32(at + FILE.padding1, true) | view.getUint32(at + FILE.padding2, true)) !== 0)
    sink('ENTRY_RESERVED', 'file.padding', 'not 0', 0);
  readFmap(cursor, view, at, end, unit);
}

function readMkdir(cursor: EntryCursor, snapshot: Snapshot, at: number, end: number): void {
  const { view } = snapshot;
  cursor.type = 'MKDIR';
  cursor.uid = view.getUint32(at + MKDIR.uid, true);
  cursor.gid = view.getUint32(at + MKDIR.gid, true);
  readPath(cursor, snapshot, at + MKDIR.path, 'mkdir.path');
  checkOwner(cursor, 'mkdir');
  readMode(cursor, 'mkdir', view.getUint32(at + MKDIR.mode, true), MODE_DIRECTORY);
  checkUnused(at + mkdirStruct.size, end, 'mkdir: bytes behind the path', cursor.report);
}

function readAddDaxdev(cursor: EntryCursor, view: DataView, at: number, end: number): void {
  const sink = cursor.report;
  const deviceSize = readU64(view, at + DAXDEV.deviceSize);
  const deviceUuid = formatUuid(view, at + DAXDEV.deviceUuid);
  const daxdev = view.getUint32(at + DAXDEV.daxdev, true);
  if (deviceSize < SUPERBLOCK_REGION || deviceSize === Number.POSITIVE_INFINITY)
    sink('DAXDEV_SIZE', 'add_daxdev.deviceSize', decimalAt(view, at), `${SUPERBLOCK_REGION}..2^53-1`);
  if (deviceUuid === NIL_UUID) sink('DAXDEV_UUID', 'add_daxdev.deviceUuid', deviceUuid, 'a uuid that is not all zeros');
  if (daxdev < 1 || daxdev >= MAX_DAXDEVS) sink('DAXDEV_INDEX', 'add_daxdev.daxdev', daxdev, `1..${MAX_DAXDEVS - 1}`);
  checkUnused(at + addDaxdevStruct.size, end, 'add_daxdev: bytes behind the index', sink);
  cursor.type = 'ADD_DAXDEV';
  cursor.daxdev = { type: 'ADD_DAXDEV', deviceSize, deviceUuid, daxdev };
}

/** Takes the permission bits of a mode; `type` is the only file type that may be with them. */
function readMode(cursor: EntryCursor, name: string, mode: number, type: number): void {
  const bits = mode & ~MODE_BITS;
  if (bits !== 0 && bits !== type)
    cursor.report(
      'MODE_RANGE',
      `${name}.mode`,
      `0${mode.toString(8)}`,
      'permission bits 0..07777, with the file type or without',
    );
  cursor.mode = mode & MODE_BITS;
}

function checkOwner({ uid, gid, report }: EntryCursor, name: string): void {
  if (uid === NO_OWNER) report('OWNER_RANGE', `${name}.uid`, uid, '0..4294967294');
  if (gid === NO_OWNER) report('OWNER_RANGE', `${name}.gid`, gid, '0..4294967294');
}

/** Finds the path in its field at `at`; one pass over its bytes decides whether the short way is enough. */
function readPath(cursor: EntryCursor, snapshot: Snapshot, at: number, field: string): void {
  const { data } = snapshot;
  const limit = at + PATH_FIELD_SIZE;
  let end = at;
  let plain = true;
  for (; end < limit; end++) {
    const byte = data[end] as number;
    if (byte === 0) break;
    // anything but '/' and printable ASCII without '.': the rules are looked at one by one
    if (byte < 0x20 || byte >= 0x7f || byte === 0x2e) plain = false;
    else if (byte === 0x2f && (end === at || data[end - 1] === 0x2f || end + 1 === limit || data[end + 1] === 0))
      plain = false;
  }
  cursor.pathData = data;
  cursor.pathView = snapshot.view;
  cursor.pathStart = at;
  cursor.pathEnd = end;
  cursor.pathIsPlain = plain;
  if (end === limit)
    cursor.report(
      'PATH_INVALID',
      field,
      `${PATH_FIELD_SIZE} bytes without an end`,
      `at most ${PATH_FIELD_SIZE - 1} bytes and a NUL`,
    );
  else {
    checkZero(snapshot.view, end, limit, `${field}: bytes behind the end`, cursor.report);
    if (!plain || end === at) checkPath(cursor.path, field, cursor.report);
  }
}

function checkPath(path: string, field: string, sink: FaultSink): void {
  const fault = pathFault(path);
  if (fault !== undefined) sink('PATH_INVALID', field, path, `a relative path (this one ${fault})`);
  if (hasControlCharacters(path)) sink('PATH_CONTROL', field, path, 'no control characters');
}
