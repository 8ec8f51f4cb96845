/** Puts the metadata of an image back onto the daxdevs that it was saved from. */

import { logHeaderStruct } from '../../format/logHeader.js';
import { SUPERBLOCK_REGION, superblockStruct } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { UndoWriter } from '../fsck/undo/undoWriter.js';
import { mappedError, otherProcessMapping } from '../host/daxMappings.js';
import type { Host } from '../host/host.js';
import { lockBlocking } from '../host/lockPatience.js';
import { openDevice } from '../host/openDevice.js';
import { apply, readShared, type Step, type Write } from '../media/sharedMemory.js';
import { readSuperblock } from '../media/superblockReader.js';
import { invalidation } from '../media/superblockWriter.js';
import { refuseMounted } from '../pool/mountOfPool.js';
import { refuseClient } from '../pool/role.js';
import type { MetadataImage } from './imageReader.js';
import { REGION_RECORDS } from './regionRecords.js';
import { type SavedDaxdev, savedDaxdevs } from './savedDaxdevs.js';
import { findTargets } from './targets.js';

/** bytes that are compared, and written, at a time */
const CHUNK = 65_536;
/** bytes of a superblock's magic, which is stored by itself */
const WORD = 8;

/** What was put back onto a daxdev. */
export interface PutBack {
  readonly path: string;
  /** bytes that are written: parts of up to CHUNK bytes that differ */
  readonly bytes: number;
}

export interface OntoOptions {
  /** check everything, but write nothing */
  readonly dryRun: boolean;
  /** makes the undo image; undefined for none */
  readonly openUndo: (() => UndoWriter) | undefined;
}

/**
 * Compares the daxdevs with the image, saves what differs in an undo image, and puts the image's bytes in its place. If that is
 * stopped, no superblock is valid; it can be repeated, or undone. Throws METADATA_IMAGE, RESTORE_TARGET, MISSING_DAXDEV,
 * AMBIGUOUS_DAXDEV, WRONG_SIZE, MOUNTED, MAPPED, BUSY, NOT_MASTER and UNDO_FILE; nothing has changed then.
 */
export function restoreOnto(
  host: Host,
  image: MetadataImage,
  named: readonly string[],
  { dryRun, openUndo }: OntoOptions,
): { daxdevs: PutBack[]; undo: string | undefined } {
  const saved = savedDaxdevs(image);
  const targets = findTargets(host, named, image.path, saved);
  const devices: MappedDevice[] = [];
  try {
    for (const [i, path] of targets.entries()) devices.push(claim(host, path, saved[i] as SavedDaxdev, dryRun));
    const writes = saved.map((daxdev, i) => differences(devices[i] as MappedDevice, daxdev));
    const daxdevs = writes.map((own, i) => ({ path: (devices[i] as MappedDevice).path, bytes: lengthOf(own) }));
    const steps = stepsOf(writes);
    if (dryRun || steps.length === 0) return { daxdevs, undo: undefined };
    const undo = openUndo?.();
    try {
      undo?.record(steps);
      apply(steps);
    } finally {
      undo?.close();
    }
    return { daxdevs, undo: undo?.path };
  } finally {
    for (const device of devices) device.close();
  }
}

/** Maps a target for this process alone. */
function claim(host: Host, path: string, { superblock, size }: SavedDaxdev, dryRun: boolean): MappedDevice {
  const device = openDevice(host, path, !dryRun);
  try {
    refuseMounted(host, device);
    const other = otherProcessMapping(host, device);
    if (other !== undefined)
      throw mappedError(path, other, 'what it has read of the log would no longer hold: stop it first, or wait for it');
    if (!dryRun) lockBlocking(host, device);
    const now = readSuperblock(device);
    if (device.size !== size)
      throw new FamfsError('WRONG_SIZE', `${path} has ${device.size} bytes, and had ${size} when the image was made`, {
        details: { device: path, size: device.size, saved: size },
      });
    if (now.state === 'valid' && now.superblock?.logLength !== superblock.logLength)
      throw new FamfsError('RESTORE_TARGET', `the log of ${path} has another length than in the metadata image`, {
        hint: 'restore the image into a folder with --to',
        details: { device: path },
      });
    if (now.state === 'valid' && now.superblock !== undefined) refuseClient(host, path, now.superblock.systemUuid);
    refuseClient(host, path, superblock.systemUuid);
    return device;
  } catch (error) {
    device.close();
    throw error;
  }
}

/** The writes that make the metadata of a device that of the image, in ascending order. */
function differences(device: MappedDevice, saved: SavedDaxdev): Write[] {
  return rangesOf(saved).flatMap(({ start, end, why }) => {
    const writes: Write[] = [];
    for (let offset = start; offset < end; offset += CHUNK) {
      const bytes = saved.bytesAt(offset, Math.min(CHUNK, end - offset));
      if (!readShared(device, offset, bytes.length).equals(bytes)) writes.push({ device, offset, bytes, why });
    }
    return writes;
  });
}

function rangesOf({ logLength }: SavedDaxdev): { start: number; end: number; why: string }[] {
  const range = (why: string, start: number, length: number) => ({ start, end: start + length, why });
  const log = SUPERBLOCK_REGION + logHeaderStruct.size;
  return [
    ...REGION_RECORDS.map(({ name, offset, length }) => range(name, offset, length)),
    ...(logLength === 0
      ? []
      : [
          range('log header', SUPERBLOCK_REGION, logHeaderStruct.size),
          range('log entries', log, logLength - logHeaderStruct.size),
        ]),
  ];
}

/** No superblock is valid until all else is in place: the magics go first and come last. */
function stepsOf(byDaxdev: readonly Write[][]): Step[] {
  const changed = byDaxdev.filter((writes) => writes.length > 0);
  if (changed.length === 0) return [];
  const devices = changed.map(([first]) => (first as Write).device);
  const isSuperblock = ({ offset }: Write) => offset === 0;
  const others = changed.flat().filter((write) => !isSuperblock(write));
  const superblocks = devices.map((device, i) => {
    const write = changed[i]?.find(isSuperblock);
    const bytes = write !== undefined && 'bytes' in write ? write.bytes : readShared(device, 0, superblockStruct.size);
    return { device, bytes };
  });
  return [
    devices.map(invalidation),
    others,
    superblocks.map(({ device, bytes }) => ({ device, offset: WORD, bytes: bytes.subarray(WORD), why: 'superblock' })),
    superblocks.map(({ device, bytes }) => ({ device, offset: 0, bytes: bytes.subarray(0, WORD), why: 'magic' })),
  ].filter((step) => step.length > 0);
}

function lengthOf(writes: readonly Write[]): number {
  return writes.reduce((sum, write) => sum + ('bytes' in write ? write.bytes.length : write.zeros), 0);
}
