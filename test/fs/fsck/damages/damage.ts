/** The rows of this folder: a damage each, and everything that fsck must find. */
import type { Field, Struct } from '../../../../src/format/struct.js';
import type { FindingCode } from '../../../../src/fs/finding/values.js';

/** Damages an image; `image` holds superblock region and log. */
export type Change = (image: Buffer) => unknown;

export interface DamageOptions {
  /** golden image to damage; default g2 */
  readonly image?: 'g1' | 'g2' | 'g3' | 'g41' | 'g42';
  /** bytes of the whole image, if different from the golden one's */
  readonly size?: number;
  /** options of fsck; default -n */
  readonly argv?: readonly string[];
  /** exit code of fsck; default 4, errors are left */
  readonly exitCode?: number;
}

/**
 * `what` names the test and is unique. `codes` are all that fsck finds: first the check that is meant to find this damage, then
 * its consequences.
 */
export type Damage = readonly [what: string, codes: readonly FindingCode[], change: Change, options?: DamageOptions];

/** Damages of every field that a struct declares: a field without one does not compile. */
export type DamagesOf<S> =
  S extends Struct<infer F> ? { readonly [K in keyof F]: readonly [Damage, ...Damage[]] } : never;

export type AnyStruct = Struct<Record<string, Field<unknown>>>;

export const NIL = '00000000-0000-0000-0000-000000000000';
export const OTHER_UUID = '99999999-2222-4333-8444-555555555555';
/** exceeds a checked number */
export const HUGE = 2n ** 63n;
