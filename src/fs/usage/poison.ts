/** Memory of a pool that cannot be read: poison, and images that were cut short. */
import { firstIndex } from '../../format/firstIndex.js';
import { type BulkOptions, runBulk } from '../../native/bulk.js';
import type { Volume } from '../pool/volume.js';
import type { Range } from './range.js';
import type { DaxdevUsage } from './usage.js';

/** What to read: superblock, log and files, or free space too. */
export const POISON_SCOPES = ['files', 'all'] as const;
export type PoisonScope = (typeof POISON_SCOPES)[number];

export interface PoisonCheck {
  readonly scope: PoisonScope;
  /** bytes that can be read */
  readonly bytes: number;
  /** the same by daxdev */
  readonly readBytes: readonly number[];
  /** what cannot be read, by daxdev; ascending, whole pages of 4 KiB where they lie inside what was read */
  readonly ranges: readonly (readonly Range[])[];
  /** daxdevs that were not read, because they are not on this host */
  readonly unread: readonly number[];
}

type Control = Required<Pick<BulkOptions, 'signal'>> & { readonly threads: number; advance(bytes: number): void };

/** How many bytes a check reads if it finds no poison. */
export function bytesToCheck(volume: Volume, usage: readonly DaxdevUsage[], scope: PoisonScope): number {
  const ranges = usage.filter(({ index }) => isHere(volume, index)).flatMap((daxdev) => rangesToCheck(daxdev, scope));
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/**
 * Reads the memory of every daxdev that is on this host. Throws what Volume.device throws, among it MOUNTED for a file system
 * that is mounted, and the signal's reason.
 */
export async function checkPoison(
  volume: Volume,
  usage: readonly DaxdevUsage[],
  scope: PoisonScope,
  { threads, signal, advance }: Control,
): Promise<PoisonCheck> {
  const ranges: Range[][] = usage.map(() => []);
  const unread: number[] = [];
  const readBytes = usage.map(() => 0);
  for (const daxdev of usage) {
    const { index } = daxdev;
    if (!isHere(volume, index)) {
      unread.push(index);
      continue;
    }
    const segments = rangesToCheck(daxdev, scope).map(({ start, end }) => {
      return { device: 0, offset: start, fileOffset: start, length: end - start };
    });
    let told = 0;
    const onProgress = (done: number) => {
      advance(done - told);
      told = done;
    };
    const options = { threads, signal, onProgress, keepGoing: true, invalidate: true };
    const result = await runBulk({ operation: 'read', devices: [volume.device(index)], segments, ...options });
    signal?.throwIfAborted();
    readBytes[index] = result.bytes;
    ranges[index] = result.faults.map(({ offset, length }) => ({ start: offset, end: offset + length }));
  }
  const bytes = readBytes.reduce((sum, own) => sum + own, 0);
  return { scope, bytes, readBytes, ranges, unread };
}

/** The paths of the files that have bytes in each range, by daxdev; the ranges of a daxdev are ascending and apart. */
export function filesIn(volume: Volume, ranges: readonly (readonly Range[])[]): string[][][] {
  const files = ranges.map((own) => own.map((): string[] => []));
  if (ranges.every((own) => own.length === 0)) return files;
  for (const { entry } of volume.fileEntries()) {
    for (const { daxdev, deviceOffset, length } of entry.fmap.extents) {
      const own = ranges[daxdev] ?? [];
      const first = firstIndex(own.length, (i) => (own[i] as Range).end > deviceOffset);
      for (let i = first; i < own.length; i++) {
        if ((own[i] as Range).start >= deviceOffset + length) break;
        const paths = files[daxdev]?.[i] as string[];
        if (paths.at(-1) !== entry.path) paths.push(entry.path);
      }
    }
  }
  return files;
}

function isHere({ members }: Volume, index: number): boolean {
  return members.member(index).state === 'present';
}

function rangesToCheck({ size, begin, files }: DaxdevUsage, scope: PoisonScope): readonly Range[] {
  if (scope === 'all') return [{ start: 0, end: size }];
  return [{ start: 0, end: begin }, ...files];
}
