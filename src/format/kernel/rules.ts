/** Whether a kernel takes a map, and what it answers if not: one table for `fmap check` and the warnings of fsck. */

import type { Fmap } from '../fmap.js';
import { FieldRangeError } from '../struct.js';
import { decodeD, encodeD, mapBackingId } from './d.js';
import { D_LIMITS, D_RULES, type DLimits } from './dRules.js';
import { findingsOf, type KernelFinding } from './rule.js';
import { decodeV2, encodeV2 } from './v2.js';
import { V2_REVISIONS, V2_RULES, type V2Revision } from './v2Rules.js';

export type { KernelFinding } from './rule.js';
export type { V2Revision } from './v2Rules.js';

export type KernelForm = 'v2' | 'd';

/** the revision of form V2 that is meant where none is named */
export const DEFAULT_REVISION: V2Revision = 'table';

/**
 * What a kernel of a form has against the map of a file of `size` bytes; empty for a map that it takes. The first
 * finding is what it answers. A value that the message cannot hold at all is the finding V2_FIELD or D_FIELD.
 */
export function kernelFindings(
  fmap: Fmap,
  size: number,
  form: KernelForm,
  revision: V2Revision = DEFAULT_REVISION,
): KernelFinding[] {
  try {
    if (form === 'v2') return v2Findings(encodeV2(fmap, size, false), revision);
    return [
      ...stripFindings(fmap, size),
      ...dFindings(encodeD(fmap, mapBackingId(0)), { ...D_LIMITS, fileSize: size }),
    ];
  } catch (error) {
    if (!(error instanceof FieldRangeError)) throw error;
    return [{ rule: `${form.toUpperCase()}_FIELD`, errno: 'EINVAL', when: 'map', message: error.message }];
  }
}

/** What a kernel has against the bytes of a GET_FMAP reply. */
export function v2Findings(image: Uint8Array, revision: V2Revision): KernelFinding[] {
  return findingsOf(V2_RULES, decodeV2(image), V2_REVISIONS[revision]);
}

/** What a kernel has against the bytes of an extent-map notification. */
export function dFindings(image: Uint8Array, limits: DLimits): KernelFinding[] {
  return findingsOf(D_RULES, decodeD(image), limits);
}

/** Form D does not send how long strips are: the kernel maps all of the size into them, and beyond their end. */
function stripFindings(fmap: Fmap, size: number): KernelFinding[] {
  if (fmap.layout === 'simple') return [];
  const cycles = Math.ceil(size / (fmap.chunkSize * fmap.extents.length));
  return fmap.extents.flatMap(({ length }, i) =>
    length >= cycles * fmap.chunkSize ? [] : [shortStrip(i, length, cycles * fmap.chunkSize)],
  );
}

function shortStrip(strip: number, length: number, needed: number): KernelFinding {
  const message = `strips are as long as the kernel takes them to be, which it cannot check; strip ${strip} has ${length} bytes, not ${needed}`;
  return { rule: 'D_STRIP_LENGTH', errno: null, when: 'access', message };
}

/** One row for each rule, for documents and lists. */
export function kernelRuleRows(): { form: KernelForm; rule: string; errno: string | null; summary: string }[] {
  const v2 = V2_RULES.map(({ rule, errno, summary }) => ({
    form: 'v2' as const,
    rule,
    errno: errno(V2_REVISIONS[DEFAULT_REVISION]) ?? null,
    summary,
  }));
  const d = D_RULES.map(({ rule, errno, summary }) => ({
    form: 'd' as const,
    rule,
    errno: errno(D_LIMITS) ?? null,
    summary,
  }));
  return [...v2, ...d];
}
