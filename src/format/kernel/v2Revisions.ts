/** How revisions of the kernels that use form v2 differ, from observation and from their sources. */
import type { Errno } from './rule.js';

const PAGE = 4096;
/** bytes of the longest message of the patches of 2025 */
const LONGEST_2025 = 32_768;
/** bytes of the longest buffer that a kernel with the size probe allocates */
const LONGEST_PROBED = 16 * 1024 * 1024;

export interface V2Revision {
  /** distinguishing features, for help texts */
  readonly summary: string;
  /** daxdevs that it accepts: maps may use indices below this */
  readonly daxdevs: number;
  /** bytes that a message must have before anything in it is read, and the answer to a shorter one */
  readonly shortest: number;
  readonly tooShort: Errno;
  /** Size of its buffer in bytes for a reply that states `stated` bytes; undefined if it gives up. */
  buffer(stated: number): number | undefined;
  /** the answer to a map without extents */
  readonly none: Errno;
  /** the answer to more than 32 extents; undefined if any number is accepted */
  readonly tooMany: Errno | undefined;
  /** whether it accepts interleaved maps */
  readonly interleaved: boolean;
  /** whether it checks that the chunk size is a multiple of 2 MiB */
  readonly checksChunk: boolean;
  /** whether the header states the message's size */
  readonly statesSize: boolean;
}

const OF_2025 = {
  shortest: 56,
  tooShort: 'EIO',
  buffer: () => LONGEST_2025,
  none: 'EINVAL',
  tooMany: 'E2BIG',
  interleaved: true,
  checksChunk: false,
  statesSize: false,
} as const;

const V10 = {
  shortest: 32,
  tooShort: 'EINVAL',
  buffer: () => PAGE,
  none: 'ERANGE',
  tooMany: 'ERANGE',
  interleaved: true,
  checksChunk: true,
  statesSize: true,
} as const;

export const V2_REVISIONS = {
  first: { ...OF_2025, daxdevs: 1, summary: 'July 2025, with one daxdev' },
  table: { ...OF_2025, daxdevs: 24, summary: 'with a table of 24 daxdevs' },
  v10: { ...V10, daxdevs: 1, summary: '2026, with a buffer of one page; as published it accepts daxdev 0 only' },
  'v10-multi': { ...V10, daxdevs: 24, summary: 'v10 built without its check for daxdev 0' },
  probe: {
    shortest: 32,
    tooShort: 'EIO',
    buffer: (stated) => (stated > LONGEST_PROBED ? undefined : Math.max(stated, PAGE)),
    none: 'ERANGE',
    tooMany: undefined,
    interleaved: false,
    checksChunk: false,
    statesSize: true,
    daxdevs: 1,
    summary: 'July 2026, with the size probe: simple extents on daxdev 0, as many as 16 MiB hold',
  },
} as const satisfies Record<string, V2Revision>;

export type V2RevisionName = keyof typeof V2_REVISIONS;

/** the default revision */
export const DEFAULT_V2_REVISION: V2RevisionName = 'table';

/** The revision with this name; undefined: the default. Throws RangeError for an unknown name. */
export function v2Revision(name: string | undefined): V2Revision {
  const revision: V2Revision | undefined = V2_REVISIONS[(name ?? DEFAULT_V2_REVISION) as V2RevisionName];
  if (revision === undefined) throw new RangeError(`no revision ${name} of form v2`);
  return revision;
}
