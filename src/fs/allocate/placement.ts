/** Where new files go: strips over daxdevs, or one extent (docs/placement.md). */

import { counted } from '../../format/counted.js';
import { type Extent, type Fmap, MAX_SIMPLE_EXTENTS, roundUp, stripLength } from '../../format/fmap.js';
import { DEFAULT_CHUNK, type Interleave, interleaveFault } from '../../format/interleave.js';
import { HUGE_PAGE, SMALL_PAGE } from '../../format/superblock.js';
import { FamfsError } from '../errors.js';
import type { FreeSpace } from './freeSpace.js';
import { drawn, type Random } from './random.js';

export const POLICIES = ['random', 'spread', 'fill'] as const;
/** random: daxdevs picked at random; spread: those with most free space first; fill: in index order. */
export type Policy = (typeof POLICIES)[number];

/** The layout of new files, as far as it was given. */
export interface Layout {
  /** 1..16 strips; 0 for one simple extent; undefined for the pool's default */
  readonly stripes: number | undefined;
  /** bytes; a power of two and a multiple of the allocation unit; undefined for the pool's default */
  readonly chunkSize: number | undefined;
  readonly policy: Policy;
  /** refuse to make a simple file of several extents */
  readonly contiguous: boolean;
  /** indices of the daxdevs that may be used; undefined for all */
  readonly daxdevs?: readonly number[] | undefined;
  /** the parts that were requested explicitly, not only configured */
  readonly requested?: Partial<Pick<Layout, 'stripes' | 'chunkSize'>>;
}

/**
 * Throws BAD_LAYOUT if the format does not allow the stripes or chunk that were given.
 * @param unit allocation unit of the file system, bytes; without it, what no file system allows is refused
 */
export function checkLayout({ stripes, chunkSize }: Pick<Layout, 'stripes' | 'chunkSize'>, unit = SMALL_PAGE): void {
  const fault = interleaveFault({ stripes: stripes || 1, chunkSize: chunkSize ?? DEFAULT_CHUNK }, unit);
  if (fault !== undefined) throw new FamfsError('BAD_LAYOUT', fault);
}

/** The interleave of a layout, in a pool with this default; undefined for simple extents. */
function interleaveOf(layout: Layout, byDefault: Interleave | undefined): Interleave | undefined {
  const stripes = layout.stripes ?? byDefault?.stripes ?? 0;
  if (stripes === 0) return undefined;
  return { stripes, chunkSize: layout.chunkSize ?? byDefault?.chunkSize ?? DEFAULT_CHUNK };
}

/** Throws BAD_LAYOUT if a chunk was requested although files are not interleaved, in a pool with this default. */
export function refuseIdleChunk(layout: Layout, byDefault: Interleave | undefined): void {
  const chunkSize = layout.requested?.chunkSize;
  if (chunkSize === undefined || interleaveOf(layout, byDefault) !== undefined) return;
  throw new FamfsError('BAD_LAYOUT', `a chunk of ${chunkSize} bytes is for interleaved files`, {
    hint: 'give the number of strips with --stripes, or leave out --chunk',
  });
}

/** The same as interleaveOf for a file of `size` bytes: smaller than a chunk it is simple, or all strips but one would be unused. */
export function interleaveFor(size: number, layout: Layout, byDefault: Interleave | undefined): Interleave | undefined {
  const interleave = interleaveOf(layout, byDefault);
  return interleave !== undefined && size >= interleave.chunkSize ? interleave : undefined;
}

/** Places files one after the other; each file's space is taken from those after it. */
export class Placer {
  /**
   * @param spaces free space of the daxdevs that are here, by index
   * @param byDefault how the pool interleaves files whose layout does not say
   * @param unit allocation unit of the file system, bytes
   */
  constructor(
    private readonly spaces: readonly FreeSpace[],
    private readonly byDefault: Interleave | undefined,
    private readonly random: Random,
    readonly unit: number,
  ) {}

  /** Throws BAD_LAYOUT if a chunk was requested although this pool does not interleave files of the layout. */
  refuseIdleChunk(layout: Layout): void {
    refuseIdleChunk(layout, this.byDefault);
  }

  /** The interleave of a file of `size` bytes; undefined for simple extents. */
  interleaveFor(size: number, layout: Layout): Interleave | undefined {
    return interleaveFor(size, layout, this.byDefault);
  }

  /** What is left free on the primary, which is always here. */
  get primarySpace(): FreeSpace {
    return this.spaces.find(({ daxdev }) => daxdev.index === 0) as FreeSpace;
  }

  /** The map of a new file of `size` bytes (1 or more). Throws NO_SPACE; nothing is taken then. */
  place(path: string, size: number, layout: Layout): Fmap {
    const interleave = this.interleaveFor(size, layout);
    if (interleave === undefined) return this.#placeSimple(path, size, layout);
    return this.#placeInterleaved(path, size, interleave, layout);
  }

  #placeSimple(path: string, size: number, layout: Layout): Fmap {
    const length = roundUp(size, this.unit);
    const spaces = this.#allowed(layout);
    for (const space of this.#ordered(spaces, layout.policy)) {
      const offset = space.take(length);
      if (offset !== undefined)
        return { layout: 'simple', extents: [{ daxdev: space.daxdev.index, deviceOffset: offset, length }] };
    }
    const pieces = layout.contiguous ? undefined : gather(spaces, length);
    if (pieces !== undefined) return { layout: 'simple', extents: pieces };
    const shape = layout.contiguous ? 'one extent' : `at most ${MAX_SIMPLE_EXTENTS} extents`;
    const advice = layout.contiguous && holesFor(spaces, length) ? ['leave out --contiguous'] : [];
    throw noSpace(path, `${length} bytes in ${shape}`, spaces, this.#remedies(spaces, advice));
  }

  #placeInterleaved(path: string, size: number, { stripes, chunkSize }: Interleave, layout: Layout): Fmap {
    const length = stripLength(size, chunkSize, stripes);
    const spaces = this.#allowed(layout);
    const ordered = this.#ordered(spaces, layout.policy);
    const roomy: FreeSpace[] = [];
    const extents =
      onOneEach(ordered, stripes, length, roomy) ??
      // strips that share a daxdev are spread over it, unless there is only room for them side by side
      deal(roomy, stripes, length, true) ??
      deal(roomy, stripes, length, false);
    if (extents === undefined) {
      const advice = holesFor(spaces, roundUp(size, this.unit)) ? ['use fewer strips or --simple'] : [];
      const asked = `${counted(stripes, 'strip')} of ${length} bytes`;
      throw noSpace(path, asked, spaces, this.#remedies(spaces, advice));
    }
    return { layout: 'interleaved', chunkSize, extents };
  }

  /** What can be done about a new file without room; --daxdevs may have excluded some of its space. */
  #remedies(allowed: readonly FreeSpace[], advice: readonly string[]): string[] {
    const more = allowed.length < this.spaces.length ? ['allow more with --daxdevs'] : [];
    return ['make it smaller', ...advice, ...more, 'add a daxdev'];
  }

  #allowed({ daxdevs }: Layout): readonly FreeSpace[] {
    return daxdevs === undefined ? this.spaces : this.spaces.filter(({ daxdev }) => daxdevs.includes(daxdev.index));
  }

  #ordered(spaces: readonly FreeSpace[], policy: Policy): Iterable<FreeSpace> {
    return spaces.length === 1 ? spaces : ORDERS[policy](spaces, this.random);
  }
}

/** The order in which each policy tries daxdevs, which are given by index. */
const ORDERS: Readonly<Record<Policy, (spaces: readonly FreeSpace[], random: Random) => Iterable<FreeSpace>>> = {
  random: drawn,
  spread: mostFreeFirst,
  fill: (spaces) => spaces,
};

/** Those with most free space first. */
export function mostFreeFirst(spaces: readonly FreeSpace[]): FreeSpace[] {
  const free = new Map(spaces.map((space) => [space, space.free]));
  return [...spaces].sort((a, b) => (free.get(b) as number) - (free.get(a) as number));
}

interface Hole {
  readonly space: FreeSpace;
  readonly bytes: number;
}

/** The largest holes, at most `most`; undefined if they hold less than `length` bytes. */
function holesFor(spaces: readonly FreeSpace[], length: number, most = MAX_SIMPLE_EXTENTS): Hole[] | undefined {
  const holes = spaces.flatMap((space) => space.largestHoles(most).map((bytes) => ({ space, bytes })));
  const chosen = holes.sort((a, b) => b.bytes - a.bytes).slice(0, most);
  return chosen.reduce((sum, hole) => sum + hole.bytes, 0) < length ? undefined : chosen;
}

/** Up to `most` extents, the largest holes first; undefined, with nothing taken, if they are not enough. */
export function gather(spaces: readonly FreeSpace[], length: number, most = MAX_SIMPLE_EXTENTS): Extent[] | undefined {
  const chosen = holesFor(spaces, length, most);
  if (chosen === undefined) return undefined;
  const extents: Extent[] = [];
  for (let left = length, i = 0; left > 0; i++) {
    const { space, bytes } = chosen[i] as Hole;
    const piece = Math.min(bytes, left);
    extents.push({ daxdev: space.daxdev.index, deviceOffset: space.take(piece) as number, length: piece });
    left -= piece;
  }
  return extents;
}

/**
 * Strips on daxdevs of their own; undefined, with nothing taken, if too few have room. `roomy` gets the daxdevs with room, in the
 * order tried.
 */
function onOneEach(
  spaces: Iterable<FreeSpace>,
  stripes: number,
  length: number,
  roomy: FreeSpace[],
): Extent[] | undefined {
  const extents: Extent[] = [];
  for (const space of spaces) {
    const offset = space.take(length);
    if (offset === undefined) continue;
    roomy.push(space);
    extents.push({ daxdev: space.daxdev.index, deviceOffset: offset, length });
    if (extents.length === stripes) return extents;
  }
  giveBack(roomy, extents);
  return undefined;
}

/**
 * Strips dealt out to the daxdevs in turn, as evenly as their room allows; undefined, with nothing taken, if there is not enough.
 */
function deal(spaces: readonly FreeSpace[], stripes: number, length: number, apart: boolean): Extent[] | undefined {
  const extents: Extent[] = [];
  for (let i = 0; i < stripes; i++) {
    const extent = placeStrip(spaces, i, stripes, length, apart);
    if (extent === undefined) {
      giveBack(spaces, extents);
      return undefined;
    }
    extents.push(extent);
  }
  return extents;
}

/** Strip `i`: on the next daxdev in turn with room. */
function placeStrip(
  spaces: readonly FreeSpace[],
  i: number,
  stripes: number,
  length: number,
  apart: boolean,
): Extent | undefined {
  const count = spaces.length;
  for (let turn = 0; turn < count; turn++) {
    const space = spaces[(i + turn) % count] as FreeSpace;
    const home = stripHome(space, Math.floor(i / count), Math.ceil(stripes / count));
    const offset = apart ? space.takeNear(home, length) : space.take(length);
    if (offset !== undefined) return { daxdev: space.daxdev.index, deviceOffset: offset, length };
  }
  return undefined;
}

function giveBack(spaces: readonly FreeSpace[], extents: readonly Extent[]): void {
  for (const { daxdev, deviceOffset: offset, length } of extents)
    spaces.find((space) => space.daxdev.index === daxdev)?.giveBack(offset, length);
}

/** Where the `i`th of `count` strips on a daxdev looks for room first: the strips are spread evenly over the daxdev. */
function stripHome(space: FreeSpace, i: number, count: number): number {
  const share = Math.floor((space.end - space.begin) / count / HUGE_PAGE) * HUGE_PAGE;
  return space.begin + i * share;
}

/** daxdevs that the message names one by one; if there are more, it gives their sum */
const MOST_NAMED = 4;

/** The error about a file without room. @param remedies what can be done about it, one or more */
export function noSpace(
  path: string,
  asked: string,
  spaces: readonly FreeSpace[],
  remedies: readonly string[],
): FamfsError {
  const daxdevs = spaces.map((space) => ({
    daxdev: space.daxdev.index,
    freeBytes: space.free,
    largestHoleBytes: space.largestHole,
  }));
  return new FamfsError('NO_SPACE', `no room for ${path}, which needs ${asked}: ${remainingText(daxdevs)}`, {
    hint: oneOf(remedies),
    details: { path, asked, daxdevs },
  });
}

function oneOf(remedies: readonly string[]): string {
  if (remedies.length < 2) return remedies.join('');
  return `${remedies.slice(0, -1).join(', ')}${remedies.length > 2 ? ',' : ''} or ${remedies.at(-1)}`;
}

interface RemainingSpace {
  readonly daxdev: number;
  readonly freeBytes: number;
  readonly largestHoleBytes: number;
}

function remainingText(daxdevs: readonly RemainingSpace[]): string {
  if (daxdevs.length <= MOST_NAMED)
    return daxdevs.map((d) => `daxdev ${d.daxdev}: ${d.freeBytes} free, largest hole ${d.largestHoleBytes}`).join('; ');
  const free = daxdevs.reduce((sum, { freeBytes }) => sum + freeBytes, 0);
  const largest = daxdevs.reduce((most, one) => (one.largestHoleBytes > most.largestHoleBytes ? one : most));
  return `${daxdevs.length} daxdevs: ${free} free, largest hole ${largest.largestHoleBytes} on daxdev ${largest.daxdev}`;
}
