/** How each byte of a pool's daxdevs is used, for pictures. */

import { FreeSpace } from '../allocate/freeSpace.js';
import type { LoggedDaxdev } from '../log/replay.js';
import type { FileInLog } from '../pool/fileBlock.js';
import type { Volume } from '../pool/volume.js';
import { joinRanges, type Range } from './range.js';

/** All offsets and lengths in bytes from the start of the daxdev. */
export interface DaxdevUsage {
  /** index in the pool */
  readonly index: number;
  /** bytes, as the log has it */
  readonly size: number;
  /** first byte that files may use, after superblock and log */
  readonly begin: number;
  /** space of files, ascending; ranges that touch are joined */
  readonly files: readonly Range[];
  /** bytes of `files` */
  readonly fileBytes: number;
  /** bytes that belong to more than one file, counted once for each further file; 0 in a sound file system */
  readonly sharedBytes: number;
  /** what the allocator can give new files, ascending */
  readonly holes: readonly Range[];
  /** bytes of `holes` */
  readonly freeBytes: number;
}

/**
 * The use of every daxdev of the pool, by index. `visit` gets each file as its entry is read, in log order. Space that belongs to
 * neither metadata nor files and is not a hole is unusable: unusable entries may claim it, or it is less than an allocation unit.
 */
export function usageOf(volume: Volume, visit?: (file: FileInLog) => void): DaxdevUsage[] {
  const { daxdevs } = volume.replay;
  const extents: Range[][] = daxdevs.map(() => []);
  for (const file of volume.fileEntries()) {
    for (const { daxdev, deviceOffset, length } of file.entry.fmap.extents) {
      const end = Math.min(deviceOffset + length, daxdevs[daxdev]?.size ?? 0);
      // the entry is read again from memory that others write, so it may have changed since replay checked it
      if (end > deviceOffset) extents[daxdev]?.push({ start: deviceOffset, end });
    }
    visit?.(file);
  }
  return daxdevs.map((daxdev, i) => daxdevUsage(daxdev, extents[i] ?? []));
}

function daxdevUsage(daxdev: LoggedDaxdev, extents: readonly Range[]): DaxdevUsage {
  const { index, size } = daxdev;
  const space = new FreeSpace(daxdev);
  const { ranges, bytes, repeated } = joinRanges(extents);
  return {
    index,
    size,
    begin: Math.min(space.begin, size),
    files: ranges,
    fileBytes: bytes,
    sharedBytes: repeated,
    holes: space.holes(),
    freeBytes: space.free,
  };
}

/** The ranges after `begin` that no file has and none can get, ascending. */
export function unusableRanges({ begin, size, files, holes }: DaxdevUsage): Range[] {
  const known = joinRanges([...files, ...holes]).ranges;
  const starts = [begin, ...known.map(({ end }) => end)];
  const ends = [...known.map(({ start }) => start), size];
  return starts.map((start, i) => ({ start, end: ends[i] as number })).filter(({ start, end }) => end > start);
}
