/** What a mount looks at before it serves bytes: whether the primary still holds the file system and the log that it shows. */
import { LOG_HEADER_CRC_SPAN } from '../../format/logHeader.js';
import { LOG_HISTORY_OFFSET, logHistoryStruct } from '../../format/logHistory.js';
import { superblockStruct } from '../../format/superblock.js';
import type { FuseServer } from '../../native/fuse.js';
import { readShared } from '../media/sharedMemory.js';
import { requireMaps } from '../pool/sameFs.js';
import type { Volume } from '../pool/volume.js';

/** bytes of a superblock that stay the same for the life of the file system: up to its uuid */
const IDENTITY_SPAN = superblockStruct.offsets.deviceUuid;

/**
 * Lets a server serve bytes only until another file system replaces that of the volume, or its log is rewritten. Throws
 * LOG_REWRITTEN and LOG_REWRITING if that has happened since the volume was opened.
 */
export function watchPrimary(server: FuseServer, { primary, log, history }: Volume): void {
  const watched = [
    { offset: 0, length: IDENTITY_SPAN },
    { offset: LOG_HISTORY_OFFSET, length: logHistoryStruct.size },
    { offset: log.deviceOffset, length: LOG_HEADER_CRC_SPAN },
  ];
  for (const { offset, length } of watched) server.addWatch(primary, offset, readShared(primary, offset, length));
  history.require();
}

/** Why the watched bytes are no longer what they were. */
export function whatChanged(volume: Volume): string {
  try {
    requireMaps(volume);
  } catch (error) {
    return (error as Error).message;
  }
  return `superblock or log header on ${volume.primary.path} have changed since the mount`;
}
