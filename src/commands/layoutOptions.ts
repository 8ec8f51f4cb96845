/** Options that say how new files lie on the daxdevs. */

import { MAX_STRIPS } from '../format/logEntry.js';
import { ALLOCATION_UNIT } from '../format/superblock.js';
import { type Layout, POLICIES } from '../fs/placement.js';
import type { OptionValues } from '../ui/command.js';

export const layoutOptions = {
  stripes: {
    type: 'integer',
    aliases: ['nstrips'],
    value: 'N',
    min: 1,
    max: MAX_STRIPS,
    summary: 'interleave the file over N strips',
    details:
      'With N daxdevs that have room, each strip is on one of its own. A file smaller than a chunk gets one simple extent.',
  },
  chunk: {
    type: 'size',
    value: 'SIZE',
    min: ALLOCATION_UNIT,
    default: ALLOCATION_UNIT,
    summary: 'chunk of an interleaved file, a power of two from 2M',
  },
  policy: {
    type: 'string',
    choices: POLICIES,
    value: 'POLICY',
    default: 'random',
    summary: 'how daxdevs are picked',
    details: 'random picks them at random, spread those with most free space, fill in the order of their indices.',
  },
  allocSeed: {
    type: 'integer',
    value: 'SEED',
    max: 0xffffffff,
    summary: 'make the random policy reproducible',
  },
  contiguous: { type: 'boolean', summary: 'refuse to make a plain file of several extents' },
} as const;

/** The layout that the options ask for. */
export function layoutOf(options: OptionValues<typeof layoutOptions>): Layout {
  const { stripes, chunk, policy, contiguous = false } = options;
  return { stripes, chunkSize: chunk, policy, contiguous };
}
