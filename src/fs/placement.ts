/** Where new files go: strips over daxdevs, or one extent (docs/placement.md). */
import { roundUp, stripLength } from '../format/fmap.js';
import { type Extent, type Fmap, MAX_SIMPLE_EXTENTS, MAX_STRIPS } from '../format/logEntry.js';
import { ALLOCATION_UNIT } from '../format/superblock.js';
import { FamfsError } from './errors.js';
import { type Random, shuffled } from './random.js';
import type { FreeSpace } from './space.js';

export const POLICIES = ['random', 'spread', 'fill'] as const;
/** random: daxdevs picked at random; spread: those with most free space first; fill: in index order. */
export type Policy = (typeof POLICIES)[number];

/** How files are to be laid out. */
export interface Layout {
  /** 1..16 strips; undefined for one simple extent */
  readonly stripes: number | undefined;
  /** bytes; a power of two and a multiple of the allocation unit */
  readonly chunkSize: number;
  readonly policy: Policy;
  /** refuse to make a plain file of several extents */
  readonly contiguous: boolean;
}

/** Throws BAD_LAYOUT when stripes or chunk are none that the format has. */
export function checkLayout(layout: Layout): void {
  const { stripes, chunkSize } = layout;
  if (stripes !== undefined && (!Number.isInteger(stripes) || stripes < 1 || stripes > MAX_STRIPS))
    throw new FamfsError('BAD_LAYOUT', `${stripes} stripes: a file has 1 to ${MAX_STRIPS}`);
  if (!Number.isInteger(Math.log2(chunkSize)) || chunkSize % ALLOCATION_UNIT !== 0)
    throw new FamfsError(
      'BAD_LAYOUT',
      `chunk of ${chunkSize} bytes: a chunk is a power of two and a multiple of 2 MiB`,
    );
}

/** Places files one after the other; what one takes, the next cannot have. */
export class Placer {
  constructor(
    private readonly spaces: readonly FreeSpace[],
    private readonly random: Random,
  ) {}

  /** The map of a new file of `size` bytes (1 or more). Throws NO_SPACE, having taken nothing that matters to media. */
  place(path: string, size: number, layout: Layout): Fmap {
    const { stripes, chunkSize } = layout;
    // a file smaller than a chunk would leave all strips but one unused
    if (stripes === undefined || size < chunkSize) return this.#placeSimple(path, size, layout);
    return this.#placeInterleaved(path, size, stripes, layout);
  }

  #placeSimple(path: string, size: number, layout: Layout): Fmap {
    const length = roundUp(size, ALLOCATION_UNIT);
    for (const space of this.#ordered(layout.policy)) {
      const offset = space.take(length);
      if (offset !== undefined)
        return { kind: 'simple', extents: [{ deviceIndex: space.daxdev.index, offset, length }] };
    }
    const pieces = layout.contiguous ? undefined : this.#gather(length);
    if (pieces !== undefined) return { kind: 'simple', extents: pieces };
    const shape = layout.contiguous ? 'one extent' : `at most ${MAX_SIMPLE_EXTENTS} extents`;
    throw this.#noSpace(path, `${length} bytes in ${shape}`);
  }

  /** Up to 16 extents, the largest holes first; undefined, with nothing taken, when they do not suffice. */
  #gather(length: number): Extent[] | undefined {
    const holes = this.spaces.flatMap((space) =>
      space.largestHoles(MAX_SIMPLE_EXTENTS).map((bytes) => ({ space, bytes })),
    );
    const chosen = holes.sort((a, b) => b.bytes - a.bytes).slice(0, MAX_SIMPLE_EXTENTS);
    if (chosen.reduce((sum, hole) => sum + hole.bytes, 0) < length) return undefined;
    const extents: Extent[] = [];
    for (let left = length, i = 0; left > 0; i++) {
      const { space, bytes } = chosen[i] as { space: FreeSpace; bytes: number };
      const piece = Math.min(bytes, left);
      extents.push({ deviceIndex: space.daxdev.index, offset: space.take(piece) as number, length: piece });
      left -= piece;
    }
    return extents;
  }

  #placeInterleaved(path: string, size: number, stripes: number, layout: Layout): Fmap {
    const { chunkSize } = layout;
    const length = stripLength(size, chunkSize, stripes);
    const roomy = this.#ordered(layout.policy).filter((space) => space.fits(length));
    const extents: Extent[] = [];
    for (let i = 0; i < stripes; i++) {
      const extent = this.#placeStrip(roomy, i, stripes, length);
      if (extent === undefined) throw this.#noSpace(path, `${stripes} strips of ${length} bytes`);
      extents.push(extent);
    }
    return { kind: 'interleaved', chunkSize, extents };
  }

  /** Strip `i`: on the next daxdev in turn that has room; several strips of one daxdev at places of their own. */
  #placeStrip(spaces: readonly FreeSpace[], i: number, stripes: number, length: number): Extent | undefined {
    for (let turn = 0; turn < spaces.length; turn++) {
      const space = spaces[(i + turn) % spaces.length] as FreeSpace;
      const offset =
        stripes > spaces.length ? space.takeNear(stripHome(space, i, stripes), length) : space.take(length);
      if (offset !== undefined) return { deviceIndex: space.daxdev.index, offset, length };
    }
    return undefined;
  }

  #ordered(policy: Policy): readonly FreeSpace[] {
    if (policy === 'fill' || this.spaces.length === 1) return this.spaces;
    if (policy === 'random') return shuffled(this.spaces, this.random);
    const free = new Map(this.spaces.map((space) => [space, space.free]));
    return [...this.spaces].sort((a, b) => (free.get(b) as number) - (free.get(a) as number));
  }

  #noSpace(path: string, asked: string): FamfsError {
    const daxdevs = this.spaces.map((space) => ({
      daxdev: space.daxdev.index,
      freeBytes: space.free,
      largestHoleBytes: space.largestHole,
    }));
    const left = daxdevs
      .map((d) => `daxdev ${d.daxdev}: ${d.freeBytes} free, largest hole ${d.largestHoleBytes}`)
      .join('; ');
    return new FamfsError('NO_SPACE', `no room for ${path}, which needs ${asked}: ${left}`, {
      hint: 'make it smaller, use fewer stripes, or add a daxdev',
      details: { path, asked, daxdevs },
    });
  }
}

/** Where strip `i` of `stripes` looks for room first: the daxdev is divided evenly among them. */
function stripHome(space: FreeSpace, i: number, stripes: number): number {
  const share = Math.floor((space.end - space.begin) / stripes / ALLOCATION_UNIT) * ALLOCATION_UNIT;
  return space.begin + i * share;
}
