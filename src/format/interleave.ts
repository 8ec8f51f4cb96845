import { MAX_STRIPS } from './fmap.js';
import { ALLOCATION_UNIT } from './superblock.js';

/** How a file is interleaved. */
export interface Interleave {
  /** 1..16 strips */
  readonly stripes: number;
  /** bytes; a power of two and a multiple of the allocation unit */
  readonly chunkSize: number;
}

/** Why the format does not allow an interleave; undefined where it does. */
export function interleaveFault({ stripes, chunkSize }: Interleave): string | undefined {
  if (!Number.isInteger(stripes) || stripes < 1 || stripes > MAX_STRIPS)
    return `${stripes} stripes: a file has 1 to ${MAX_STRIPS}`;
  if (!Number.isInteger(Math.log2(chunkSize)) || chunkSize % ALLOCATION_UNIT !== 0)
    return `chunk of ${chunkSize} bytes: a chunk is a power of two and a multiple of 2 MiB`;
  return undefined;
}
