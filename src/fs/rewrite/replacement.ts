/** A new daxdev takes the place of one of a pool: the same index, and every file at the same offset (docs/evacuation.md). */
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { Hole } from '../log/extentLedger.js';
import type { LoggedDaxdev } from '../log/replay.js';
import { stayingSteps } from '../media/departure.js';
import { apply } from '../media/sharedMemory.js';
import { readSuperblock } from '../media/superblockReader.js';
import { blankSteps, secondaryPlan, superblockSteps } from '../media/superblockWriter.js';
import { type Admission, admit } from '../mkfs/admission.js';
import { type Member, unusable } from '../pool/members.js';
import { namedDaxdev } from '../pool/namedDaxdev.js';
import type { Volume } from '../pool/volume.js';
import { copyExtents } from '../transfer/copyExtents.js';
import type { TransferControl } from '../transfer/transferFile.js';
import type { EditedDaxdev, EditedTree } from './editedTree.js';
import { primaryStays } from './evacuation.js';

/** What a replacement changes. */
export interface Replacement extends Admission {
  /** the daxdev that leaves */
  readonly member: Member;
  /** bytes that files have on it, in ascending order */
  readonly used: readonly Hole[];
  /** sum of these */
  readonly bytes: number;
}

/**
 * Plans that a device takes the place of daxdev `index`. Throws IS_PRIMARY, TOO_SMALL, what admit throws, and what Members.open throws
 * for a daxdev that cannot be read.
 */
export function replaceDaxdev(
  volume: Volume,
  tree: EditedTree,
  index: number,
  device: MappedDevice,
  options: Parameters<typeof admit>[2],
): Replacement {
  if (index === 0) throw primaryStays('replaced');
  const member = volume.members.member(index);
  const used = usedRanges(volume.replay.daxdevs[index] as LoggedDaxdev);
  if (used.length > 0 && member.state !== 'present') throw unusable(member);
  requireRoom(device.path, device.size, `daxdev ${index}`, used);
  const admission = admit(volume, device, options);
  Object.assign(tree.daxdevs[index] as EditedDaxdev, { uuid: admission.uuid, size: device.size, changed: true });
  return { ...admission, member, used, bytes: used.reduce((sum, { start, end }) => sum + end - start, 0) };
}

/** Copies the files to the device at the offsets that they have, then makes it a secondary of the pool. Throws what copyExtents throws. */
export async function fillReplacement(
  { superblock: { fsUuid, systemUuid, allocationUnit }, members }: Volume,
  { member, used, uuid, adopted }: Replacement,
  target: MappedDevice,
  control: TransferControl,
): Promise<void> {
  // a superblock must not outlive what it describes
  apply(adopted ? stayingSteps(target) : blankSteps(target));
  const copies = used.map(({ start, end }) => {
    return { from: start, target, deviceOffset: start, length: end - start, path: `daxdev ${member.index}` };
  });
  if (copies.length > 0) await copyExtents(members.open(member.index), copies, control);
  if (!adopted) apply(superblockSteps(secondaryPlan(target, { fsUuid, deviceUuid: uuid, systemUuid }, allocationUnit)));
}

/** A replacement of which only the last step is missing: the superblock of the daxdev that has left. */
export interface DoneReplacement {
  readonly index: number;
  readonly left: { readonly uuid: string; readonly path: string };
  /** of the device that has its place */
  readonly uuid: string;
}

/** Whether `old` means a daxdev that has left, and the device has its place. Throws what namedDaxdev throws. */
export function doneReplacement(volume: Volume, old: string, device: MappedDevice): DoneReplacement | undefined {
  const named = namedDaxdev(volume, old, device.identity);
  if (named.kind === 'member' || named.leftIndex === undefined) return undefined;
  const { leftIndex: index, found, uuid: left } = named;
  const { superblock } = readSuperblock(device);
  const uuid = index < volume.members.all().length ? volume.members.member(index).uuid : undefined;
  if (uuid === undefined || superblock?.fsUuid !== volume.superblock.fsUuid || superblock.deviceUuid !== uuid)
    return undefined;
  return { index, left: { uuid: left, path: found.path }, uuid };
}

/** The ranges that entries claim on a daxdev, ascending. */
export function usedRanges({ ledger, size, reserved }: LoggedDaxdev): Hole[] {
  const used: Hole[] = [];
  let from = reserved;
  for (const { start, end } of ledger.holes(size, 1)) {
    if (start > from) used.push({ start: from, end: start });
    from = Math.max(from, end);
  }
  if (from < size) used.push({ start: from, end: size });
  return used;
}

/** Throws TOO_SMALL if a device of `size` bytes does not have all of the ranges. @param whose the daxdev with them */
export function requireRoom(path: string, size: number, whose: string, used: readonly Hole[]): void {
  const needed = used.at(-1)?.end ?? 0;
  if (needed <= size) return;
  throw new FamfsError(
    'TOO_SMALL',
    `${path} has ${size} bytes, and the files on ${whose} end at ${needed}: ${needed - size} bytes are missing`,
    {
      hint: 'use a larger device, or remove files with famfs rm',
      details: { device: path, size, needed, missing: needed - size },
    },
  );
}
