/** Whether the bytes of a range are those that repairs left or found; word by word, as the processor stores them. */

/** bytes; words begin at multiples of their size */
const WORD = 8;

/** Bytes that begin at `offset` of a device. */
export interface Range {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What a write found at `offset`, and what it left. */
export interface Overwritten {
  readonly offset: number;
  readonly before: Buffer;
  readonly after: Buffer;
}

/** Puts a range over the part of it that `target` has, which begins at byte `start` of the device. */
export function overlay(target: Buffer, start: number, { offset, bytes }: Range): void {
  const from = Math.max(start, offset);
  const to = Math.min(start + target.length, offset + bytes.length);
  if (to > from) target.set(bytes.subarray(from - offset, to - offset), from - start);
}

/**
 * Whether each word of a range is as one of the writes left it or found it. A repair that was interrupted, or its undo,
 * leaves some words of one kind and some of the other.
 * @param writes all of the device, in their order
 * @param now what the range, which begins at `offset`, holds
 */
export function isOurs(offset: number, writes: readonly Overwritten[], now: Buffer): boolean {
  const overlapping = writes.filter(
    (write) => write.offset < offset + now.length && offset < write.offset + write.before.length,
  );
  const then = Buffer.from(now);
  for (const write of [...overlapping].reverse()) overlay(then, offset, { offset: write.offset, bytes: write.before });
  const strange = wordsThatDiffer(offset, then, now);
  for (const write of overlapping) {
    overlay(then, offset, { offset: write.offset, bytes: write.after });
    const differing = wordsThatDiffer(offset, then, now);
    for (const word of strange) if (!differing.has(word)) strange.delete(word);
  }
  return strange.size === 0;
}

function wordsThatDiffer(offset: number, left: Buffer, right: Buffer): Set<number> {
  const words = new Set<number>();
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) words.add(Math.floor((offset + i) / WORD));
  return words;
}
