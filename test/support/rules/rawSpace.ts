/** Extents: on their daxdevs, in whole allocation units, on no other's, and as long as the file needs. */
import { inSlot, type RawNode, type Rule } from './rawEntry.js';

/** A daxdev as extents see it. */
interface Room {
  /** bytes; undefined if its image is not at hand */
  readonly size: number | undefined;
  /** slot of the entry that adds it; -1 for the primary */
  readonly slot: number;
}

interface Layout {
  /** bytes of an allocation unit */
  readonly unit: bigint;
  /** where the log ends on the primary */
  readonly logEnd: bigint;
}

interface Claim {
  readonly slot: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** bytes before the first that a file may have on a secondary */
const SUPERBLOCK_REGION = 0x200000n;

/** @param rooms by index of the pool */
export function judgeSpace(rooms: readonly Room[], layout: Layout, nodes: readonly RawNode[], rule: Rule): void {
  if (layout.unit === 0n) return;
  const files = nodes.filter(({ kind }) => kind === 'file');
  for (const file of files) judgeLengths(file, layout.unit, rule);
  for (const file of files) judgePlaces(file, rooms, layout, rule);
  for (const index of rooms.keys()) {
    const claims = files.flatMap(({ slot, extents }) =>
      extents
        .filter(({ daxdev }) => daxdev === BigInt(index))
        .map(({ offset, length }): Claim => ({ slot, from: offset, to: offset + length })),
    );
    judgeOverlaps(claims, index, rule);
  }
}

function judgeLengths({ slot, size, interleaved, chunk, extents }: RawNode, unit: bigint, rule: Rule): void {
  const say = inSlot(slot, rule);
  if (!interleaved) {
    const space = extents.reduce((sum, { length }) => sum + length, 0n);
    say(space === roundUp(size, unit), 'space of the file');
    return;
  }
  const whole = chunk > 0n && (chunk & (chunk - 1n)) === 0n && chunk % unit === 0n;
  say(whole, 'chunk size');
  if (!whole) return;
  say(size >= chunk, 'interleaved file below a chunk');
  const strips = BigInt(extents.length);
  const strip = strips > 0n ? roundUp(size, chunk * strips) / strips : 0n;
  say(
    extents.every(({ length }) => length === strip),
    'length of a strip',
  );
}

function roundUp(value: bigint, multiple: bigint): bigint {
  return ((value + multiple - 1n) / multiple) * multiple;
}

function judgePlaces({ slot, extents }: RawNode, rooms: readonly Room[], { unit, logEnd }: Layout, rule: Rule): void {
  const say = inSlot(slot, rule);
  for (const { daxdev, offset, length } of extents) {
    const room = rooms[Number(daxdev)];
    say(room !== undefined && room.slot < slot, 'daxdev of an extent');
    say(length > 0n && length % unit === 0n, 'length of an extent');
    say(offset % unit === 0n, 'offset of an extent');
    say(offset >= (daxdev === 0n ? logEnd : SUPERBLOCK_REGION), 'extent on superblock or log');
    if (room?.size === undefined) continue;
    const end = (BigInt(room.size) / unit) * unit;
    say(offset + length <= end, 'extent beyond the last unit');
  }
}

function judgeOverlaps(claims: readonly Claim[], index: number, rule: Rule): void {
  const sorted = [...claims].sort((a, b) => Number(a.from > b.from) - Number(a.from < b.from));
  let last: Claim | undefined;
  for (const claim of sorted) {
    rule(
      last === undefined || claim.from >= last.to,
      `slot ${claim.slot}: space of slot ${last?.slot} on daxdev ${index}`,
    );
    if (last === undefined || claim.to > last.to) last = claim;
  }
}
