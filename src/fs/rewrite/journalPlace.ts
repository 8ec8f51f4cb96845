/** Chooses where the journal of a rewrite goes: free space of the primary, or a new file on this host. */
import { closeSync, fsyncSync, ftruncateSync, openSync, unlinkSync } from 'node:fs';
import { roundUp } from '../../format/fmap.js';
import { journalSize, MOST_JOURNAL_EXTENTS } from '../../format/rewriteJournal.js';
import { SMALL_PAGE } from '../../format/superblock.js';
import type { MappedDevice } from '../../native/device.js';
import { FreeSpace } from '../allocate/freeSpace.js';
import { FamfsError } from '../errors.js';
import type { Host } from '../host/host.js';
import { hostPath } from '../host/hostPath.js';
import { openDevice } from '../host/openDevice.js';
import { syncNames } from '../host/syncNames.js';
import type { LoggedDaxdev } from '../log/replay.js';
import type { Volume } from '../pool/volume.js';
import { inOnePiece, type JournalSpace, takeJournal } from './journalExtents.js';
import type { RewritePlan } from './rewritePlan.js';

export interface JournalPlace extends JournalSpace {
  readonly device: MappedDevice;
  /** brings the written bytes to stable storage if memory is not stable already */
  settle(): void;
  /** removes what was made for the journal; harmless afterwards */
  remove(): void;
}

/**
 * The place for the journal of a plan: free in the old log and in the new one.
 * @param file a new file on this host, instead of free space
 * Throws NO_SPACE, or JOURNAL for a file that cannot be made.
 */
export function placeJournal(volume: Volume, plan: RewritePlan, file: string | undefined): JournalPlace {
  const entries = plan.wanted.length;
  if (file !== undefined) return newFile(volume.host, hostPath(volume.host, file), entries);
  const { primary, replay } = volume;
  const space = new FreeSpace(replay.daxdevs[0] as LoggedDaxdev, plan.replay.daxdevs[0]);
  const taken = takeJournal(space, entries);
  const nothing = () => {};
  if (taken !== undefined) return { device: primary, ...taken, settle: nothing, remove: nothing };
  throw noJournalSpace(primary.path, entries, space);
}

/** The error about a primary without room for the journal of a log with so many entries. @param space what is free */
export function noJournalSpace(path: string, entries: number, { free, largestHole }: FreeSpace): FamfsError {
  const needed = journalSize(entries);
  const holes = `at most ${MOST_JOURNAL_EXTENTS} holes`;
  return new FamfsError(
    'NO_SPACE',
    `the journal of the rewrite needs ${needed} bytes in ${holes} of ${path}, which has ${free} free bytes, ${largestHole} in the largest hole`,
    {
      hint: 'put it into a new file on a disk of this host with --journal FILE; keep that file until the command has ended',
      details: { needed, free, largestHole },
    },
  );
}

function newFile(host: Host, path: string, entries: number): JournalPlace {
  let fd: number;
  try {
    fd = openSync(path, 'wx', 0o600);
  } catch (cause) {
    throw new FamfsError('JOURNAL', `cannot make the journal ${path}: ${(cause as Error).message}`, {
      hint: 'name a file that does not exist, on a disk with room',
      cause,
    });
  }
  let device: MappedDevice | undefined;
  const remove = () => {
    device?.close();
    closeSync(fd);
    unlinkSync(path);
  };
  try {
    ftruncateSync(fd, roundUp(journalSize(entries), SMALL_PAGE));
    device = openDevice(host, path, true);
    return { device, ...inOnePiece(0, entries), settle: () => settle(fd, path), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function settle(fd: number, path: string): void {
  fsyncSync(fd);
  syncNames(path);
}
