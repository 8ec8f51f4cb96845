/** What a caller says about new files and directories, and how it is completed. */
import type { Owner } from '../fs/allocate/creationPlan.js';
import type { RequestedAttributes } from '../fs/allocate/differences.js';
import { type Layout, POLICIES } from '../fs/allocate/placement.js';
import { usage } from './failures.js';

/** Owner and permission bits. */
export interface AttributeOptions {
  /** permission bits, as they are stored: no umask applies */
  readonly mode?: number | undefined;
  /** the default is the effective user of this process */
  readonly uid?: number | undefined;
  /** the default is the effective group of this process */
  readonly gid?: number | undefined;
}

/** Where the bytes of new files go. The configuration of the commands (`interleave.*`) does not count here. */
export interface PlacementOptions {
  /** strips over which a file is interleaved, 1 to 16; 0 for a simple file; the default is that of the pool */
  readonly stripes?: number | undefined;
  /** bytes; a power of two and a multiple of the allocation unit; the default is that of the pool, or 2 MiB */
  readonly chunkSize?: number | undefined;
  /** how daxdevs are chosen; the default is `random` */
  readonly policy?: 'random' | 'spread' | 'fill' | undefined;
  /** one extent, or the error NO_SPACE */
  readonly contiguous?: boolean | undefined;
  /** indices of the daxdevs that may be used; the default is all */
  readonly daxdevs?: readonly number[] | undefined;
  /** makes the policy `random` reproducible */
  readonly seed?: number | undefined;
  /** also allow names that are not UTF-8, at which the reference tools stop */
  readonly allowBytes?: boolean | undefined;
}

const MOST_ID = 0xffff_fffe;
const MODE_BITS = 0o7777;

/** The user that this process works as. */
export function caller(): Owner {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
}

/** The attributes that were given, and all of them. Throws USAGE for values that no file can have. */
export function attributesOf(
  options: AttributeOptions,
  mode: number,
): { readonly mode: number; readonly requested: RequestedAttributes } & Owner {
  const given = { mode: options.mode, uid: options.uid, gid: options.gid };
  requireWhole('mode', given.mode, MODE_BITS, '0 to 0o7777');
  requireWhole('uid', given.uid, MOST_ID, `0 to ${MOST_ID}`);
  requireWhole('gid', given.gid, MOST_ID, `0 to ${MOST_ID}`);
  const own = caller();
  return { mode: given.mode ?? mode, uid: given.uid ?? own.uid, gid: given.gid ?? own.gid, requested: given };
}

/** Throws USAGE unless `value` is left out or a whole number from 0 to `most`. */
function requireWhole(name: string, value: number | undefined, most: number, allowed: string): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 0 && value <= most)) return;
  throw usage(`${name}: ${value} is not allowed`, `give a whole number, ${allowed}`);
}

/** The layout as placement takes it. Throws USAGE for an unknown policy; other values are checked where files are placed. */
export function layoutOf({
  stripes,
  chunkSize,
  policy = 'random',
  contiguous = false,
  daxdevs,
}: PlacementOptions): Layout {
  if (!POLICIES.includes(policy)) throw usage(`policy: '${policy}' is unknown`, `give one of ${POLICIES.join(', ')}`);
  if (contiguous && (stripes ?? 0) > 0)
    throw usage('a contiguous file has no strips', 'leave out contiguous or stripes');
  for (const index of daxdevs ?? []) requireWhole('daxdevs', index, Number.MAX_SAFE_INTEGER, 'the index of a daxdev');
  return {
    stripes: contiguous ? 0 : stripes,
    chunkSize,
    policy,
    contiguous,
    daxdevs,
    requested: { stripes, chunkSize },
  };
}
