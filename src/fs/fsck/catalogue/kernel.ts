import type { FindingCode, FindingValues } from '../../finding/values.js';
import { type FindingRow, notRepaired, type RowsOf } from './row.js';

function row<C extends 'KERNEL_V2' | 'KERNEL_D'>(summary: string): FindingRow<C> & { readonly repairs: readonly [] } {
  return {
    ...notRepaired('kernel'),
    stage: 'kernel',
    severity: 'warning',
    usable: true,
    summary,
    advice: 'Reported with --kernel; other tools can use the file.',
    message: ({ rule, errno, when, message }: FindingValues[C]) =>
      `${rule}, ${errno ?? 'no error'} at ${when}: ${message}`,
  };
}

export const kernelRows = {
  KERNEL_V2: row<'KERNEL_V2'>('kernels that ask for maps (GET_FMAP) reject the map of a file'),
  KERNEL_D: row<'KERNEL_D'>('kernels that are sent maps (extent maps) reject the map of a file'),
} as const satisfies RowsOf<Extract<FindingCode, `KERNEL_${string}`>>;
