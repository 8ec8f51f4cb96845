/** Damage because of which a command refuses to work. fsck reports all of it. */
import { SUPERBLOCK_REGION, SUPERBLOCK_VERSION, type Superblock } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import { isHeaderSound } from '../log/log.js';
import { isLogLength, readSuperblock } from '../media/superblockReader.js';
import type { Volume } from './volume.js';

/**
 * The superblock of a primary, if it is valid and names a possible log. Throws NO_FAMFS, OTHER_VERSION or SUPERBLOCK_DAMAGED.
 * @param deviceSize bytes of the whole daxdev, of which `device` may be the beginning
 */
export function requireSuperblock(device: MappedDevice, deviceSize: number): Superblock {
  const { path } = device;
  const { state, superblock } = readSuperblock(device);
  if (state === 'none' || superblock === undefined) throw new FamfsError('NO_FAMFS', `no famfs on ${path}`);
  if (state === 'other-version')
    throw new FamfsError(
      'OTHER_VERSION',
      `${path} has a famfs of version ${superblock.version}; this tool knows only version ${SUPERBLOCK_VERSION}`,
      { hint: 'use the tools of that version' },
    );
  if (state === 'damaged') throw damagedSuperblock(path, 'is damaged');
  if (superblock.logOffset !== SUPERBLOCK_REGION || !isLogLength(superblock.logLength, deviceSize))
    throw damagedSuperblock(path, 'describes an impossible log');
  return superblock;
}

/** What is wrong with a superblock, as the end of a sentence. */
export function damagedSuperblock(path: string, what: string): FamfsError {
  return new FamfsError('SUPERBLOCK_DAMAGED', `the superblock of ${path} ${what}`, { hint: `run: famfs fsck ${path}` });
}

/** Throws LOG_DAMAGED if the place of the next entry cannot be known. */
export function refuseDamagedHeader(volume: Volume): void {
  const { log, header } = volume;
  if (!isHeaderSound(log, header)) throw damagedLog(volume, 'its header is damaged');
  const { nextIndex, nextSequence } = header.header;
  // a crash between the two header stores leaves the sequence number one ahead; the next append corrects it
  if (nextSequence !== nextIndex && nextSequence !== nextIndex + 1)
    throw damagedLog(volume, `its next sequence number ${nextSequence} and next index ${nextIndex} differ`);
}

/** Why nothing may be appended to the log of a volume. */
export function damagedLog({ primary: { path } }: Volume, why: string): FamfsError {
  return new FamfsError('LOG_DAMAGED', `nothing is appended to the log on ${path}: ${why}`, {
    hint: `run: famfs fsck ${path}`,
  });
}

/** Throws WRONG_SIZE if the size in the primary's superblock differs from the device's. */
export function refuseWrongSize({ superblock, primary: { path }, primarySize }: Volume): void {
  if (superblock.deviceSize === primarySize && primarySize !== 0) return;
  throw new FamfsError(
    'WRONG_SIZE',
    `the superblock of ${path} says ${superblock.deviceSize} bytes, but the device has ${primarySize}`,
    { hint: `run: famfs fsck ${path}` },
  );
}
