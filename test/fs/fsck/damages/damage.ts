/** What the rows of this folder are: one damage each, and all that fsck must say of it. */
import type { Field, Struct } from '../../../../src/format/struct.js';
import type { FindingCode } from '../../../../src/fs/finding/values.js';

/** Damages the superblock region and log of an image, which lie in `image` from its first byte on. */
export type Change = (image: Buffer) => unknown;

export interface DamageOptions {
  /** golden image that is damaged; g2 unless said */
  readonly image?: 'g1' | 'g2' | 'g3';
  /** bytes of the whole image, where it is not the golden one's */
  readonly size?: number;
  /** options of fsck; -n unless said */
  readonly argv?: readonly string[];
  /** of fsck; 4, errors are left, unless said */
  readonly exitCode?: number;
}

/**
 * `what` names the test and is unique. `codes` are all that fsck finds: first the check that is meant for this damage,
 * then what follows from it.
 */
export type Damage = readonly [what: string, codes: readonly FindingCode[], change: Change, options?: DamageOptions];

/** Damages of every field that a struct declares: a field without one does not compile. */
export type DamagesOf<S> =
  S extends Struct<infer F> ? { readonly [K in keyof F]: readonly [Damage, ...Damage[]] } : never;

export type AnyStruct = Struct<Record<string, Field<unknown>>>;

export const NIL = '00000000-0000-0000-0000-000000000000';
export const OTHER_UUID = '99999999-2222-4333-8444-555555555555';
/** more than a checked number can hold */
export const HUGE = 2n ** 63n;
