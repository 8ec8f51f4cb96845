import { KERNEL_FORM_NAMES, type KernelFormName, kernelForm } from '../../../format/kernel/forms.js';
import { answerText, type KernelFinding } from '../../../format/kernel/rule.js';
import type { FindingCode } from '../../finding/values.js';
import { type FindingRow, notRepaired, type RowsOf } from './row.js';

type KernelCode = Extract<FindingCode, `KERNEL_${string}`>;
type KernelRow = FindingRow<KernelCode> & { readonly repairs: readonly [] };

function row(form: KernelFormName): KernelRow {
  return {
    ...notRepaired('kernel'),
    stage: 'kernel',
    severity: 'warning',
    usable: true,
    summary: `${kernelForm(form).kernels} refuse the map of a file, or must not get it`,
    advice: 'Reported with --kernel; other tools can use the file.',
    message: (finding: KernelFinding) => `${finding.rule} (${answerText(finding)}): ${finding.message}`,
  };
}

/** A row for each form of kernel maps. */
export const kernelRows = Object.fromEntries(
  KERNEL_FORM_NAMES.map((form) => [`KERNEL_${form.toUpperCase()}`, row(form)]),
) as { readonly [C in KernelCode]: KernelRow } satisfies RowsOf<KernelCode>;
