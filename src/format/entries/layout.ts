/** The layout of log entries for the addon: every number comes from the declarations. */
import { MAX_SIMPLE_EXTENTS, MAX_STRIPS } from '../fmap.js';
import { LOG_ENTRY_CRC_SPAN, LOG_ENTRY_SIZE, logEntryStruct, PAYLOAD_OFFSET } from '../logEntry.js';
import { HUGE_PAGE } from '../superblock.js';
import { ENTRY_TYPES } from './entryTypes.js';
import { FILE_FLAG_READ_ONLY, FILE_FLAG_READ_WRITE } from './file.js';
import { EXTENT_INTERLEAVED, EXTENT_SIMPLE, extentStruct, fileStruct, interleavedStruct } from './fileStruct.js';
import { mkdirStruct } from './mkdir.js';

const file = fileStruct.offsets;
const mkdir = mkdirStruct.offsets;
const extent = extentStruct.offsets;
const interleaved = interleavedStruct.offsets;

/** Offsets and sizes in bytes; those of payload fields are relative to the payload. */
export const ENTRY_LAYOUT = {
  entrySize: LOG_ENTRY_SIZE,
  crcSpan: LOG_ENTRY_CRC_SPAN,
  sequence: logEntryStruct.offsets.sequence,
  type: logEntryStruct.offsets.type,
  padding: logEntryStruct.offsets.padding,
  payload: PAYLOAD_OFFSET,
  typeFile: ENTRY_TYPES.FILE.code,
  typeMkdir: ENTRY_TYPES.MKDIR.code,
  extentSimple: EXTENT_SIMPLE,
  extentInterleaved: EXTENT_INTERLEAVED,
  mostExtents: MAX_SIMPLE_EXTENTS,
  mostStrips: MAX_STRIPS,
  flagReadOnly: FILE_FLAG_READ_ONLY,
  flagReadWrite: FILE_FLAG_READ_WRITE,
  // extents may be as long as whole units of this size, whatever the allocation unit is
  allocationUnit: HUGE_PAGE,
  fileSize: file.size,
  fileFlags: file.flags,
  fileUid: file.uid,
  fileGid: file.gid,
  fileMode: file.mode,
  filePath: file.path,
  fileExtentType: file.extentType,
  filePadding1: file.padding1,
  fileExtentCount: file.extentCount,
  filePadding2: file.padding2,
  fileExtents: file.extents,
  mkdirUid: mkdir.uid,
  mkdirGid: mkdir.gid,
  mkdirMode: mkdir.mode,
  mkdirPath: mkdir.path,
  mkdirSize: mkdirStruct.size,
  pathField: mkdirStruct.fields.path.size,
  extentDaxdev: extent.daxdev,
  extentOffset: extent.deviceOffset,
  extentLength: extent.length,
  extentSize: extentStruct.size,
  stripCount: interleaved.stripCount,
  chunkSize: interleaved.chunkSize,
  strips: interleaved.strips,
} as const;
