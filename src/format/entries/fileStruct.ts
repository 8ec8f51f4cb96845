/** The payload of a FILE entry (docs/format.md, "FILE"): the file's fields, then its map. */
import { MAX_STRIPS } from '../fmap.js';
import { PAYLOAD_SIZE } from '../logEntry.js';
import { PATH_FIELD_SIZE } from '../path.js';
import { bytes, struct, u32, u64 } from '../struct.js';

export const EXTENT_SIMPLE = 0;
export const EXTENT_INTERLEAVED = 1;

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
