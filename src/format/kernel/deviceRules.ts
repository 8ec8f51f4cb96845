/** Rules about the place of a map on its daxdevs, for every form. No kernel checks them when it accepts a map. */
import { hex } from '../fieldText.js';
import type { MapFacts } from './facts.js';
import { type MessageRule, MOST_NAMED, NONE } from './rule.js';

/** A range of a daxdev that a map uses. */
export interface DeviceRange {
  /** number of the extent or strip in the message */
  readonly extent: number;
  /** index in the pool */
  readonly daxdev: number;
  /** bytes from the start of the daxdev; `end` is the first byte after the range */
  readonly start: bigint;
  readonly end: bigint;
}

/** How a form describes its messages. */
interface DeviceRanges<Message, Kernel> {
  ranges(message: Message, kernel: Kernel): readonly DeviceRange[];
  /** what an extent is called: extent 3, strip 3 */
  nameOf(message: Message, extent: number): string;
}

/** Bytes that processors can address: no physical address has more than 52 bits. */
const ADDRESSABLE = 2 ** 52;

/** The rules of a form; their names begin with `prefix`. */
export function deviceRules<Message, Kernel extends { readonly facts: MapFacts }>(
  prefix: string,
  { ranges, nameOf }: DeviceRanges<Message, Kernel>,
): readonly MessageRule<Message, Kernel>[] {
  return [
    {
      rule: `${prefix}_BOUNDS`,
      class: 'DANGEROUS',
      errno: () => 'EFAULT',
      summary: 'no extent ends beyond its daxdev, which kernels do not check',
      broken(message, kernel) {
        const { daxdevs } = kernel.facts;
        let broken = NONE;
        for (const { extent, daxdev, end } of ranges(message, kernel)) {
          const size = daxdevs?.[daxdev]?.size;
          if (end <= (size ?? ADDRESSABLE)) continue;
          broken = [...broken, `${nameOf(message, extent)} ends at ${hex(end)}, ${limitOf(daxdev, size)}`];
          if (broken.length > MOST_NAMED) break;
        }
        return broken;
      },
    },
    {
      rule: `${prefix}_SHARED`,
      class: 'DANGEROUS',
      errno: () => null,
      summary: 'no two files, and no two extents of one, use the same page, for which kernels keep one owner',
      broken(message, kernel) {
        const all = ranges(message, kernel);
        const { sharedWith = [] } = kernel.facts;
        if (all.length < 2 && sharedWith.length === 0) return NONE;
        const own = overlaps(all).map(([a, b]) => `${nameOf(message, a)} and ${nameOf(message, b)} share pages`);
        return [...own, ...sharedWith.map((path) => `it shares pages with ${path}`)];
      },
    },
  ];
}

function limitOf(daxdev: number, size: number | undefined): string {
  return size === undefined ? 'which no daxdev reaches' : `daxdev ${daxdev} at ${hex(size)}`;
}

/** Numbers of overlapping extents, in pairs: each with the earlier one that reaches furthest. */
function overlaps(ranges: readonly DeviceRange[]): [number, number][] {
  const sorted = [...ranges].sort((a, b) => a.daxdev - b.daxdev || Number(a.start - b.start));
  const pairs: [number, number][] = [];
  let reach: DeviceRange | undefined;
  for (const range of sorted) {
    if (reach?.daxdev === range.daxdev && range.start < reach.end) pairs.push([reach.extent, range.extent]);
    if (reach?.daxdev !== range.daxdev || range.end > reach.end) reach = range;
  }
  return pairs;
}

/**
 * Bytes from the start of strip `strip` of `strips` that a kernel maps for a file of `size` bytes in chunks of
 * `chunkSize`, which must not be 0.
 */
export function mappedBytesOfStrip(size: bigint, chunkSize: bigint, strips: number, strip: number): bigint {
  const whole = size / chunkSize;
  const rest = size % chunkSize;
  const [n, i] = [BigInt(strips), BigInt(strip)];
  const chunks = whole / n + (i < whole % n ? 1n : 0n);
  return chunks * chunkSize + (i === whole % n ? rest : 0n);
}
