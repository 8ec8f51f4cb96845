/** Log entries: 544 bytes, back to back behind the log's header (docs/format.md, "Log entry"). */

import { PATH_FIELD_SIZE, writePath } from '../path.js';
import { bytes, type RecordOf, struct, u32, u64, uuid, viewOf } from '../struct.js';

export const ENTRY_FILE = 0;
export const ENTRY_MKDIR = 1;
export const ENTRY_DELETE = 2;
export const ENTRY_ADD_DAXDEV = 3;

export const MAX_SIMPLE_EXTENTS = 16;
export const MAX_STRIPS = 16;
export const EXTENT_SIMPLE = 0;
export const EXTENT_INTERLEAVED = 1;
/** every host may write the file; what the reference writes */
export const FILE_FLAG_READ_WRITE = 2;
export const FILE_FLAG_READ_ONLY = 1;

const PAYLOAD_SIZE = 520;

export const logEntryStruct = struct('log_entry', 544, {
  sequence: u64('sequence number; equals the slot'),
  type: u32('0 FILE, 1 MKDIR, 2 DELETE (reserved), 3 ADD_DAXDEV'),
  padding: u32('0'),
  payload: bytes(PAYLOAD_SIZE, 'by type; unused bytes 0'),
  crc: u64('CRC-32 of bytes 0..535'),
});

/** bytes of one entry */
export const LOG_ENTRY_SIZE = logEntryStruct.size;
/** bytes that an entry's crc covers, from its start */
export const LOG_ENTRY_CRC_SPAN = logEntryStruct.offsets.crc;
/** byte offset of the payload from the entry's start */
export const PAYLOAD_OFFSET = logEntryStruct.offsets.payload;

export const extentStruct = struct('extent', 24, {
  daxdev: u64('index of the daxdev in the pool'),
  deviceOffset: u64('bytes on that daxdev'),
  length: u64('bytes'),
});

export const interleavedStruct = struct('interleaved_extent', 400, {
  stripCount: u64('1..16'),
  chunkSize: u64('bytes; a power of two and a multiple of the allocation unit'),
  strips: bytes(MAX_STRIPS * extentStruct.size, '16 strips of 24 bytes'),
});

export const fileStruct = struct('file', PAYLOAD_SIZE, {
  size: u64('bytes of the file'),
  flags: u32('bit 0 all hosts read-only, bit 1 all hosts read-write'),
  uid: u32('owner'),
  gid: u32('group'),
  mode: u32('permission bits'),
  path: bytes(PATH_FIELD_SIZE, 'relative to the root, NUL-terminated'),
  extentType: u32('0 simple, 1 interleaved'),
  padding1: u32('0'),
  extentCount: u32('simple: 1..16; interleaved: 1'),
  padding2: u32('0'),
  extents: bytes(400, 'simple: 16 extents of 24 bytes; interleaved: one record of 400 bytes'),
});

export const mkdirStruct = struct('mkdir', 92, {
  uid: u32('owner'),
  gid: u32('group'),
  mode: u32('permission bits'),
  path: bytes(PATH_FIELD_SIZE, 'relative to the root, NUL-terminated'),
});

export const addDaxdevStruct = struct('add_daxdev', 28, {
  deviceSize: u64('bytes'),
  deviceUuid: uuid('of the daxdev that joins the pool'),
  daxdev: u32('dense, in log order; the primary is 0'),
});

/** One contiguous piece of one daxdev; also a strip. Offset and length in bytes. */
export type Extent = RecordOf<typeof extentStruct>;

/** Where a file's bytes lie. `chunkSize` in bytes; all strips of an interleaved file have the same length. */
export type Fmap =
  | { readonly layout: 'simple'; readonly extents: readonly Extent[] }
  | { readonly layout: 'interleaved'; readonly chunkSize: number; readonly extents: readonly Extent[] };

export interface FileEntry {
  readonly type: 'FILE';
  readonly path: string;
  /** bytes */
  readonly size: number;
  readonly flags: number;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly fmap: Fmap;
}

export interface MkdirEntry {
  readonly type: 'MKDIR';
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

export interface AddDaxdevEntry {
  readonly type: 'ADD_DAXDEV';
  /** bytes */
  readonly deviceSize: number;
  readonly deviceUuid: string;
  readonly daxdev: number;
}

export type LogEntry = FileEntry | MkdirEntry | AddDaxdevEntry;

/**
 * The 544 bytes of an entry for slot `sequence`. Throws FieldRangeError for a value that does not fit its field, and
 * PathError for a path that the format cannot hold.
 */
export function encodeLogEntry(entry: LogEntry, sequence: number, crc32: (data: Uint8Array) => number): Buffer {
  return new EntryEncoder(crc32).encode(entry, sequence);
}

/** Encodes entry after entry into one buffer: each is good until the next one. */
export class EntryEncoder {
  readonly #image = Buffer.alloc(LOG_ENTRY_SIZE);
  readonly #view = viewOf(this.#image);
  readonly #covered = this.#image.subarray(0, LOG_ENTRY_CRC_SPAN);

  constructor(private readonly crc32: (data: Uint8Array) => number) {}

  /** As encodeLogEntry, which this makes cheap for many entries. */
  encode(entry: LogEntry, sequence: number): Buffer {
    this.#image.fill(0);
    logEntryStruct.write(this.#view, 0, { sequence });
    encodePayload(this.#image, this.#view, entry);
    logEntryStruct.write(this.#view, 0, { crc: this.crc32(this.#covered) });
    return this.#image;
  }
}

function encodePayload(image: Buffer, view: DataView, entry: LogEntry): void {
  if (entry.type === 'FILE') encodeFile(image, view, entry);
  else if (entry.type === 'MKDIR') {
    const { uid, gid, mode } = entry;
    logEntryStruct.write(view, 0, { type: ENTRY_MKDIR });
    mkdirStruct.write(view, PAYLOAD_OFFSET, { uid, gid, mode });
    writePath(image, PAYLOAD_OFFSET + mkdirStruct.offsets.path, entry.path);
  } else {
    const { deviceSize, deviceUuid, daxdev } = entry;
    logEntryStruct.write(view, 0, { type: ENTRY_ADD_DAXDEV });
    addDaxdevStruct.write(view, PAYLOAD_OFFSET, { deviceSize, deviceUuid, daxdev });
  }
}

function encodeFile(image: Buffer, view: DataView, entry: FileEntry): void {
  const { size, flags, uid, gid, mode, fmap } = entry;
  const simple = fmap.layout === 'simple';
  logEntryStruct.write(view, 0, { type: ENTRY_FILE });
  fileStruct.write(view, PAYLOAD_OFFSET, {
    size,
    flags,
    uid,
    gid,
    mode,
    extentType: simple ? EXTENT_SIMPLE : EXTENT_INTERLEAVED,
    extentCount: simple ? fmap.extents.length : 1,
  });
  writePath(image, PAYLOAD_OFFSET + fileStruct.offsets.path, entry.path);
  let at = PAYLOAD_OFFSET + fileStruct.offsets.extents;
  if (!simple) {
    interleavedStruct.write(view, at, { stripCount: fmap.extents.length, chunkSize: fmap.chunkSize });
    at += interleavedStruct.offsets.strips;
  }
  for (const extent of fmap.extents) {
    extentStruct.write(view, at, extent);
    at += extentStruct.size;
  }
}
