import { MAX_STRIPS } from './fmap.js';
import { HUGE_PAGE, unitText } from './superblock.js';

/** How a file is interleaved. */
export interface Interleave {
  /** 1..16 strips */
  readonly stripes: number;
  /** bytes; a power of two and a multiple of the allocation unit */
  readonly chunkSize: number;
}

/** bytes; the chunk of interleaved files unless another is given: every kernel accepts it, for any allocation unit */
export const DEFAULT_CHUNK = HUGE_PAGE;

/**
 * Why the format does not allow an interleave; undefined if it does.
 * @param unit allocation unit of the file system, bytes; the smallest one if it is not known yet
 */
export function interleaveFault({ stripes, chunkSize }: Interleave, unit: number): string | undefined {
  if (!Number.isInteger(stripes) || stripes < 1 || stripes > MAX_STRIPS)
    return `${stripes} stripes: a file has 1 to ${MAX_STRIPS}`;
  if (!Number.isInteger(Math.log2(chunkSize)) || chunkSize % unit !== 0)
    return `chunk of ${chunkSize} bytes: a chunk is a power of two and a multiple of the allocation unit, ${unitText(unit)}`;
  return undefined;
}
