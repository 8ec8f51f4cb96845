/** What kernels have against the maps of files that are sound by themselves (docs/kernel-maps.md). */

import type { FileEntry } from '../../format/entries/logEntry.js';
import { type KernelForm, kernelFindings } from '../../format/kernel/rules.js';
import type { ProblemTally } from '../finding/problem.js';

const CODES = { v2: 'KERNEL_V2', d: 'KERNEL_D' } as const;

/** Reports, for each form, the first thing that a kernel of it would answer for a file. */
export function checkKernel(slot: number, file: FileEntry, forms: readonly KernelForm[], tally: ProblemTally): void {
  for (const form of forms) {
    const [finding] = kernelFindings(file.fmap, file.size, form);
    if (finding === undefined) continue;
    const answer = finding.errno === null ? 'no error' : finding.errno;
    tally.add(
      CODES[form],
      { slot, path: file.path },
      `${finding.rule}, ${answer} at ${finding.when}: ${finding.message}`,
    );
  }
}
