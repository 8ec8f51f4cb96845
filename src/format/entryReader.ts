/**
 * Decodes log entries and says what is wrong with each by itself. This is the inner loop of every replay, so the sound
 * path reads fields at their declared offsets and allocates nothing but the record.
 */
import type { Fault, FaultSink } from './fault.js';
import { checkZero, decimalAt, hexAt } from './fieldText.js';
import { readFmap } from './fmapReader.js';
import {
  addDaxdevStruct,
  ENTRY_ADD_DAXDEV,
  ENTRY_FILE,
  ENTRY_MKDIR,
  FILE_FLAG_READ_ONLY,
  FILE_FLAG_READ_WRITE,
  type FileEntry,
  fileStruct,
  type LogEntry,
  logEntryStruct,
  mkdirStruct,
  PAYLOAD_OFFSET,
} from './logEntry.js';
import { decodePath, hasControlCharacters, PATH_FIELD_SIZE, pathFault } from './path.js';
import { readU64 } from './struct.js';
import { MAX_DAXDEVS } from './superblock.js';
import { formatUuid, NIL_UUID } from './uuid.js';

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

/** Bytes of a log, or of a part of it, as one snapshot. */
export interface Snapshot {
  readonly data: Buffer;
  readonly view: DataView;
}

/** What could be read of one slot. `entry` is undefined when not even its type is known. */
export interface DecodedEntry {
  readonly entry: LogEntry | undefined;
  /** empty for a sound entry */
  readonly faults: readonly Fault[];
}

const SOUND: readonly Fault[] = Object.freeze([]);

/**
 * Decodes the entry at `base` of the snapshot, which must hold all its bytes.
 * @param slot the slot it lies in, which is the sequence number that it must have
 * @param crc CRC-32 of its first 536 bytes, computed by the caller in bulk
 * @param unit allocation unit of the file system, bytes
 */
export function decodeEntry(snapshot: Snapshot, base: number, slot: number, crc: number, unit: number): DecodedEntry {
  let faults: Fault[] | undefined;
  const sink: FaultSink = (code, field, found, allowed) => {
    faults ??= [];
    faults.push({ code, field, found: String(found), allowed: String(allowed) });
  };
  checkFrame(snapshot.view, base, slot, crc, sink);
  const entry = decodePayload(snapshot, base, unit, sink);
  return { entry, faults: faults ?? SOUND };
}

function checkFrame(view: DataView, base: number, slot: number, crc: number, sink: FaultSink): void {
  const stored = readU64(view, base + CRC);
  if (stored !== crc) sink('ENTRY_CRC', 'log_entry.crc', hexAt(view, base + CRC), `0x${crc.toString(16)}`);
  if (readU64(view, base) !== slot) sink('ENTRY_SEQUENCE', 'log_entry.sequence', decimalAt(view, base), slot);
  if (view.getUint32(base + PADDING, true) !== 0)
    sink('ENTRY_RESERVED', 'log_entry.padding', view.getUint32(base + PADDING, true), 0);
}

function decodePayload(snapshot: Snapshot, base: number, unit: number, sink: FaultSink): LogEntry | undefined {
  const type = snapshot.view.getUint32(base + TYPE, true);
  const at = base + PAYLOAD_OFFSET;
  if (type === ENTRY_FILE) return decodeFile(snapshot, at, unit, sink);
  if (type === ENTRY_MKDIR) return decodeMkdir(snapshot, at, sink);
  if (type === ENTRY_ADD_DAXDEV) return decodeAddDaxdev(snapshot.view, at, sink);
  sink('ENTRY_TYPE', 'log_entry.type', type, '0 (FILE), 1 (MKDIR) or 3 (ADD_DAXDEV)');
  return undefined;
}

function decodeFile(snapshot: Snapshot, at: number, unit: number, sink: FaultSink): FileEntry {
  const { view } = snapshot;
  const size = readU64(view, at + FILE.size);
  const flags = view.getUint32(at + FILE.flags, true);
  const uid = view.getUint32(at + FILE.uid, true);
  const gid = view.getUint32(at + FILE.gid, true);
  const mode = view.getUint32(at + FILE.mode, true);
  const path = readPath(snapshot, at + FILE.path, 'file.path', sink);
  if (size === 0 || size === Number.POSITIVE_INFINITY)
    sink('FILE_SIZE', 'file.size', decimalAt(view, at + FILE.size), '1..2^53-1');
  if (flags !== FILE_FLAG_READ_WRITE && flags !== FILE_FLAG_READ_ONLY)
    sink('FILE_FLAGS', 'file.flags', flags, '1 (all hosts read-only) or 2 (all hosts read-write)');
  checkOwnerAndMode('file', uid, gid, mode, MODE_REGULAR, sink);
  if ((view.getUint32(at + FILE.padding1, true) | view.getUint32(at + FILE.padding2, true)) !== 0)
    sink('ENTRY_RESERVED', 'file.padding', 'not 0', 0);
  const fmap = readFmap(view, at, size, unit, sink);
  return { type: 'FILE', path, size, flags, uid, gid, mode: mode & MODE_BITS, fmap };
}

function decodeMkdir(snapshot: Snapshot, at: number, sink: FaultSink): LogEntry {
  const { view } = snapshot;
  const uid = view.getUint32(at + MKDIR.uid, true);
  const gid = view.getUint32(at + MKDIR.gid, true);
  const mode = view.getUint32(at + MKDIR.mode, true);
  const path = readPath(snapshot, at + MKDIR.path, 'mkdir.path', sink);
  checkOwnerAndMode('mkdir', uid, gid, mode, MODE_DIRECTORY, sink);
  checkZero(view, at + mkdirStruct.size, at + fileStruct.size, 'mkdir: bytes behind the path', sink);
  return { type: 'MKDIR', path, uid, gid, mode: mode & MODE_BITS };
}

function decodeAddDaxdev(view: DataView, at: number, sink: FaultSink): LogEntry {
  const deviceSize = readU64(view, at + DAXDEV.deviceSize);
  const deviceUuid = formatUuid(view, at + DAXDEV.deviceUuid);
  const deviceIndex = view.getUint32(at + DAXDEV.deviceIndex, true);
  if (deviceSize === 0 || deviceSize === Number.POSITIVE_INFINITY)
    sink('DAXDEV_SIZE', 'add_daxdev.deviceSize', decimalAt(view, at), '1..2^53-1');
  if (deviceUuid === NIL_UUID) sink('DAXDEV_UUID', 'add_daxdev.deviceUuid', deviceUuid, 'a uuid that is not all zeros');
  if (deviceIndex < 1 || deviceIndex >= MAX_DAXDEVS)
    sink('DAXDEV_INDEX', 'add_daxdev.deviceIndex', deviceIndex, `1..${MAX_DAXDEVS - 1}`);
  checkZero(view, at + addDaxdevStruct.size, at + fileStruct.size, 'add_daxdev: bytes behind the index', sink);
  return { type: 'ADD_DAXDEV', deviceSize, deviceUuid, deviceIndex };
}

function checkOwnerAndMode(name: string, uid: number, gid: number, mode: number, type: number, sink: FaultSink): void {
  const bits = mode & ~MODE_BITS;
  if (bits !== 0 && bits !== type)
    sink(
      'MODE_RANGE',
      `${name}.mode`,
      `0${mode.toString(8)}`,
      'permission bits 0..07777, with the file type or without',
    );
  if (uid === NO_OWNER) sink('OWNER_RANGE', `${name}.uid`, uid, '0..4294967294');
  if (gid === NO_OWNER) sink('OWNER_RANGE', `${name}.gid`, gid, '0..4294967294');
}

/** The text of the path field at `at`; one pass over its bytes decides whether the short way is enough. */
function readPath(snapshot: Snapshot, at: number, field: string, sink: FaultSink): string {
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
  if (end === limit) {
    sink(
      'PATH_INVALID',
      field,
      `${PATH_FIELD_SIZE} bytes without an end`,
      `at most ${PATH_FIELD_SIZE - 1} bytes and a NUL`,
    );
    return decodePath(data.subarray(at, limit));
  }
  checkZero(snapshot.view, end, limit, `${field}: bytes behind the end`, sink);
  if (plain && end > at) return data.toString('latin1', at, end);
  return checkedPath(decodePath(data.subarray(at, end)), field, sink);
}

function checkedPath(path: string, field: string, sink: FaultSink): string {
  const fault = pathFault(path);
  if (fault !== undefined) sink('PATH_INVALID', field, path, `a relative path (this one ${fault})`);
  if (hasControlCharacters(path)) sink('PATH_CONTROL', field, path, 'no control characters');
  return path;
}
