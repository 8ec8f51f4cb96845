/** Checks that a device is the daxdev of an undo image, because an image may name any file. */

import { MIN_LOG_LENGTH } from '../../../format/logHeader.js';
import { viewOf } from '../../../format/struct.js';
import { SUPERBLOCK_REGION, type Superblock, superblockStruct } from '../../../format/superblock.js';
import type { MappedDevice } from '../../../native/device.js';
import { FamfsError } from '../../errors.js';
import type { Host } from '../../host/host.js';
import { logLengthAt } from '../../log/logOfHeader.js';
import { readShared } from '../../media/sharedMemory.js';
import { isLogLength, isSecondary, readSuperblock } from '../../media/superblockReader.js';
import { refuseClient } from '../../pool/role.js';
import type { UndoRecord, WrittenDaxdev } from './undoRecord.js';
import { isOurs, overlay } from './words.js';

/**
 * Throws UNDO_TARGET unless the device has the uuids in the records, or is about to have them (the repair of its superblock, or
 * the undo of it, was interrupted), and if a record lies outside superblock and log.
 * @param records all records of the device, one or more
 */
export function refuseOtherTarget(device: MappedDevice, records: readonly UndoRecord[]): void {
  const known = records.at(-1) as UndoRecord;
  const image = readShared(device, 0, Math.min(superblockStruct.size, device.size));
  if (image.length < superblockStruct.size || !(isSame(image, known) || willBeSame(image, records)))
    throw otherTarget(device, `is not daxdev ${known.deviceUuid} of file system ${known.fsUuid}`);
  const end = endOfMetadata(device, known);
  for (const { offset, before } of records)
    if (offset + before.length > end)
      throw otherTarget(
        device,
        `has no superblock or log at ${offset}, where the undo image has ${before.length} bytes`,
      );
}

/** Throws NOT_MASTER unless this host is the Master according to the superblock, or to the repair if that is not sound. */
export function refuseOtherHost(host: Host, device: MappedDevice, records: readonly UndoRecord[]): void {
  const { state, superblock } = readSuperblock(device);
  const known = records.at(-1) as UndoRecord;
  refuseClient(
    host,
    device.path,
    state === 'valid' && superblock !== undefined ? superblock.systemUuid : known.systemUuid,
  );
}

function isSame(image: Buffer, { fsUuid, deviceUuid }: WrittenDaxdev): boolean {
  const superblock = superblockStruct.read(viewOf(image), 0);
  return superblock.fsUuid === fsUuid && superblock.deviceUuid === deviceUuid;
}

/** Whether the superblock is as the repairs left or found it, and has the uuids once they are made. */
function willBeSame(image: Buffer, records: readonly UndoRecord[]): boolean {
  const repaired = Buffer.from(image);
  for (const { offset, after } of records) overlay(repaired, 0, { offset, bytes: after });
  return isSame(repaired, records.at(-1) as UndoRecord) && isOurs(0, records, image);
}

/** Bytes from the start of the device that repairs may have written to. */
function endOfMetadata(device: MappedDevice, { role }: WrittenDaxdev): number {
  const { state, superblock } = readSuperblock(device);
  const isPrimary = state === 'valid' ? !isSecondary(superblock as Superblock) : role === 'primary';
  if (!isPrimary) return SUPERBLOCK_REGION;
  const own = logLengthAt(device, SUPERBLOCK_REGION) ?? MIN_LOG_LENGTH;
  const named = state === 'valid' ? (superblock as Superblock).logLength : 0;
  return Math.min(SUPERBLOCK_REGION + (isLogLength(named, device.size) ? named : own), device.size);
}

function otherTarget(device: MappedDevice, why: string): FamfsError {
  return new FamfsError('UNDO_TARGET', `${device.path} ${why}; nothing was restored`, {
    hint: 'name the daxdev or image that was repaired: famfs undo FILE DEV',
    details: { device: device.path },
  });
}
