/** Maps that kernels refuse or must not be given, of files that are sound by themselves (docs/kernel-maps.md). */

import { claimant } from '../../../format/entries/claimant.js';
import type { FileEntry } from '../../../format/entries/file.js';
import type { MapFacts } from '../../../format/kernel/facts.js';
import { judgeFile, type KernelFormName } from '../../../format/kernel/forms.js';
import type { FindingTally } from '../../finding/tally.js';
import type { FindingCode } from '../../finding/values.js';
import type { Log } from '../../log/log.js';
import type { Replay } from '../../log/replay.js';
import { kernelFactsOf } from '../../pool/kernelFacts.js';
import type { Members } from '../../pool/members.js';

/** Reports, for each form and each file, the first objection of a kernel. */
export function checkKernels(log: Log, replay: Replay, members: Members, forms: readonly KernelFormName[]): void {
  const factsOf = kernelFactsOf({ log, replay, members });
  log.scan(0, replay.next, (slot, { entry }) => {
    const file = entry && claimant(entry);
    if (file === undefined || replay.namespace.get(file.path)?.slot !== slot) return;
    for (const form of forms) checkFile(form, file, slot, factsOf(slot), replay.findings);
  });
}

function checkFile(
  form: KernelFormName,
  { path, fmap, size }: FileEntry,
  slot: number,
  facts: MapFacts,
  findings: FindingTally,
): void {
  const [finding] = judgeFile(form, { fmap, size, slot }, facts).findings;
  if (finding !== undefined) findings.add(kernelCode(form), { slot, path }, finding);
}

type KernelCode = Extract<FindingCode, `KERNEL_${string}`>;

function kernelCode(form: KernelFormName): KernelCode {
  return `KERNEL_${form.toUpperCase() as Uppercase<KernelFormName>}`;
}
