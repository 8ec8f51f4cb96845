/** Rules about where a map lies on its daxdevs, for every form. No kernel checks them when it accepts a map. */
import { hex } from '../fieldText.js';
import type { MapFacts } from './facts.js';
import type { MessageRule } from './rule.js';

/** A run of bytes of a daxdev that a map uses. */
export interface DeviceRange {
  /** what it is in the message, for people: extent 3 */
  readonly name: string;
  /** index in the pool */
  readonly daxdev: number;
  /** bytes from the start of the daxdev; `end` is the first byte after the range */
  readonly start: bigint;
  readonly end: bigint;
}

/** Bytes that processors can address: none has more than 52 bits of physical address. */
const ADDRESSABLE = 2n ** 52n;

type Ranges<Message, Kernel> = (message: Message, kernel: Kernel) => readonly DeviceRange[];

/** The rules for a form, whose rules begin with `prefix` and whose messages name `ranges`. */
export function deviceRules<Message, Kernel extends { readonly facts: MapFacts }>(
  prefix: string,
  ranges: Ranges<Message, Kernel>,
): readonly MessageRule<Message, Kernel>[] {
  return [
    {
      rule: `${prefix}_BOUNDS`,
      class: 'DANGEROUS',
      errno: () => 'EFAULT',
      summary: 'no extent ends beyond its daxdev, which kernels do not check',
      *broken(message, kernel) {
        for (const { name, daxdev, end } of ranges(message, kernel)) {
          const size = kernel.facts.daxdevs?.[daxdev]?.size;
          if (end > BigInt(size ?? ADDRESSABLE)) yield `${name} ends at ${hex(end)}, ${limitOf(daxdev, size)}`;
        }
      },
    },
    {
      rule: `${prefix}_SHARED`,
      class: 'DANGEROUS',
      errno: () => null,
      summary: 'no two files, and no two extents of one, use the same page, for which kernels keep one owner',
      *broken(message, kernel) {
        for (const [first, second] of overlaps(ranges(message, kernel)))
          yield `${first.name} and ${second.name} have pages in common`;
        for (const path of kernel.facts.sharedWith ?? []) yield `it has pages in common with ${path}`;
      },
    },
  ];
}

function limitOf(daxdev: number, size: number | undefined): string {
  return size === undefined ? 'which no daxdev reaches' : `daxdev ${daxdev} at ${hex(size)}`;
}

function* overlaps(ranges: readonly DeviceRange[]): Generator<[DeviceRange, DeviceRange]> {
  const sorted = [...ranges].sort(
    (a, b) => a.daxdev - b.daxdev || Number(a.start > b.start) - Number(a.start < b.start),
  );
  let reach: DeviceRange | undefined;
  for (const range of sorted) {
    if (reach?.daxdev === range.daxdev && range.start < reach.end) yield [reach, range];
    if (reach?.daxdev !== range.daxdev || range.end > reach.end) reach = range;
  }
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
