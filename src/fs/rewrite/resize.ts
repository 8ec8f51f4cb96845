/** A daxdev that has another size than the pool has recorded (docs/evacuation.md, "A daxdev that grew"). */
import { FamfsError } from '../errors.js';
import { openDevice } from '../host/openDevice.js';
import type { LoggedDaxdev } from '../log/replay.js';
import { apply } from '../media/sharedMemory.js';
import { readSuperblock } from '../media/superblockReader.js';
import { sizeStep } from '../media/superblockWriter.js';
import { refuseGeometry } from '../mkfs/newDaxdevs.js';
import { type Member, unusable } from '../pool/members.js';
import type { Volume } from '../pool/volume.js';
import type { EditedDaxdev, EditedTree } from './editedTree.js';
import { requireRoom, usedRanges } from './replacement.js';

/** What a resize changes; sizes in bytes. */
export interface Resized {
  readonly member: Member;
  readonly path: string;
  /** as recorded */
  readonly before: number;
  /** of the device */
  readonly size: number;
}

/**
 * Plans that the pool records the size that daxdev `index` has now. Throws TOO_SMALL if the device lacks space that files use, and for
 * a daxdev that is not here, or not itself, what Members.open throws.
 */
export function resizeDaxdev(volume: Volume, tree: EditedTree, index: number): Resized {
  const member = volume.members.member(index);
  const { path, sizeHere, state } = member;
  const isHere = state === 'present' || state === 'wrong size';
  if (!isHere || path === undefined || sizeHere === undefined) throw unusable(member);
  const logLength = index === 0 ? volume.superblock.logLength : 0;
  requireRoom(path, sizeHere, `daxdev ${index}`, usedRanges(volume.replay.daxdevs[index] as LoggedDaxdev));
  refuseGeometry({ path, size: sizeHere }, { logLength, unit: volume.superblock.allocationUnit });
  const daxdev = tree.daxdevs[index] as EditedDaxdev;
  const before = daxdev.size;
  // the log does not have the size of the primary
  if (index > 0 && before !== sizeHere) Object.assign(daxdev, { size: sizeHere, changed: true });
  return { member, path, before: index === 0 ? member.size : before, size: sizeHere };
}

/**
 * Records the size in the superblock. Before the log is rewritten this changes nothing for anybody: the daxdev has a wrong size
 * until both agree. Throws DEVICE_OPEN, or NOT_A_MEMBER if the device has changed.
 */
export function recordSize({ host, primary, superblock: { fsUuid } }: Volume, { member, path, size }: Resized): void {
  const device = member.index === 0 ? primary : openDevice(host, path, true);
  try {
    const { superblock } = readSuperblock(device);
    if (superblock?.fsUuid !== fsUuid || superblock.deviceUuid !== member.uuid || device.size !== size)
      throw new FamfsError('NOT_A_MEMBER', `${path} is not daxdev ${member.index} any more, or has another size now`, {
        hint: 'run the command again',
      });
    if (superblock.deviceSize !== size) apply([sizeStep(device, size)]);
  } finally {
    if (device !== primary) device.close();
  }
}
