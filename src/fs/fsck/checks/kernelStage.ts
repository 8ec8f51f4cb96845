/** Which maps kernels reject, of files that are sound by themselves (docs/kernel-maps.md). */

import type { FileEntry } from '../../../format/entries/file.js';
import { type KernelForm, kernelFindings } from '../../../format/kernel/rules.js';
import type { FindingTally } from '../../finding/tally.js';

const CODES = { v2: 'KERNEL_V2', d: 'KERNEL_D' } as const;

/** Reports, for each form, the first thing that a kernel of it would answer for a file. */
export function checkKernel(slot: number, file: FileEntry, forms: readonly KernelForm[], findings: FindingTally): void {
  for (const form of forms) {
    const [objection] = kernelFindings(file.fmap, file.size, form);
    if (objection !== undefined) findings.add(CODES[form], { slot, path: file.path }, objection);
  }
}
