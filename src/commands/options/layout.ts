/** Options for the layout of new files. */

import { MAX_STRIPS } from '../../format/fmap.js';
import { MAX_DAXDEVS, SMALL_PAGE } from '../../format/superblock.js';
import { type Layout, POLICIES, type Policy } from '../../fs/allocate/placement.js';
import type { Context, OptionValues } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { configured } from './settings.js';

export const layoutOptions = {
  stripes: {
    type: 'integer',
    short: 'N',
    aliases: ['nstrips'],
    value: 'N',
    min: 1,
    max: MAX_STRIPS,
    summary: 'interleave the file over N strips',
    details:
      'If N daxdevs have room, each strip is on a different one. A file smaller than a chunk gets one simple ' +
      'extent. The default comes from the configuration, else from the pool (mkfs --stripes); without either, files are simple.',
  },
  chunk: {
    type: 'size',
    short: 'C',
    aliases: ['chunksize'],
    value: 'SIZE',
    min: SMALL_PAGE,
    summary: 'chunk of an interleaved file, a power of two and a multiple of the allocation unit',
    details: 'The default comes from the configuration, else from the pool (mkfs --chunk), else it is 2M.',
  },
  policy: {
    type: 'string',
    choices: POLICIES,
    value: 'POLICY',
    summary: 'how to choose daxdevs',
    details:
      'random chooses them at random, spread those with most free space, fill in the order of their indices. The default ' +
      'comes from the configuration, else it is random.',
  },
  allocSeed: {
    type: 'integer',
    value: 'SEED',
    max: 0xffffffff,
    summary: 'make the random policy reproducible',
  },
  daxdevs: {
    type: 'string',
    value: 'LIST',
    summary: 'use only these daxdevs of the pool, by index: 0,2,5-8',
  },
  simple: { type: 'boolean', summary: 'do not interleave, whatever the default is' },
  contiguous: { type: 'boolean', summary: 'one simple extent, whatever the default is, or an error' },
} as const;

/** The policy as given, or that of the configuration, or random. Throws UsageError. */
export function policyOf(context: Context, given?: Policy): Policy {
  const set = given ?? (configured(context, 'interleave.policy', layoutOptions.policy) as Policy | undefined);
  return set ?? 'random';
}

/** The layout from the options, with the configuration as the default. Throws UsageError. */
export function layoutOf(context: Context, options: OptionValues<typeof layoutOptions>): Layout {
  const { stripes, chunk, allocSeed, daxdevs, simple = false, contiguous = false } = options;
  if (simple && (stripes ?? chunk) !== undefined)
    throw new UsageError('--simple excludes --stripes and --chunk', 'give only one of them');
  const interleaving = stripes !== undefined ? 'stripes' : chunk !== undefined ? 'chunk' : undefined;
  if (contiguous && interleaving !== undefined)
    throw new UsageError(
      `--contiguous and --${interleaving} exclude each other`,
      'a contiguous file is one simple extent',
    );
  const { stripes: STRIPES, chunk: CHUNK } = layoutOptions;
  const policy = policyOf(context, options.policy);
  if (allocSeed !== undefined && policy !== 'random')
    throw new UsageError(`--alloc-seed is for the random policy, and the policy is ${policy}`, 'leave it out');
  const requested = simple ? 0 : stripes;
  return {
    stripes: contiguous ? 0 : (requested ?? (configured(context, 'interleave.stripes', STRIPES) as number | undefined)),
    chunkSize: chunk ?? (configured(context, 'interleave.chunk', CHUNK) as number | undefined),
    policy,
    contiguous,
    daxdevs: daxdevs === undefined ? undefined : parseDaxdevs(daxdevs, 'option --daxdevs: '),
    requested: { stripes: requested, chunkSize: chunk },
  };
}

/** Indices of `0,2,5-8`, ascending, each once; an error begins with `label`. Throws UsageError. */
export function parseDaxdevs(text: string, label = ''): number[] {
  const indices = new Set<number>();
  for (const part of text.split(',')) {
    const [, first, last = first] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part.trim()) ?? [];
    const range = [Number(first), Number(last)] as const;
    if (first === undefined || range[0] > range[1] || range[1] >= MAX_DAXDEVS)
      throw new UsageError(
        `${label}'${part}' is neither the index of a daxdev nor a range`,
        `write it as 0,2,5-8; indices are 0 to ${MAX_DAXDEVS - 1}`,
      );
    for (let index = range[0]; index <= range[1]; index++) indices.add(index);
  }
  return [...indices].sort((a, b) => a - b);
}
