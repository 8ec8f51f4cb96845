/** Rows about sound file systems that the reference tools cannot use in full (docs/fsck.md, "The reference tools"). */
import { octal } from '../../../format/fieldText.js';
import { REFERENCE_MINIMUM } from '../../../format/superblock.js';
import type { FindingCode } from '../../finding/values.js';
import { notRepaired, type RowsOf } from './row.js';

const ROW = { ...notRepaired('reference'), stage: 'reference', severity: 'warning', usable: true } as const;

export const referenceRows = {
  REFERENCE_SIZE: {
    ...ROW,
    summary: 'the primary is smaller than the reference tools accept',
    advice: 'Reported with --reference.',
    message: ({ deviceSize }) => `the primary has ${deviceSize} bytes, the reference tools want ${REFERENCE_MINIMUM}`,
  },
  REFERENCE_MODE: {
    ...ROW,
    summary: 'directory has set-id or sticky bits, which the logplay of the reference loses',
    advice: 'Reported with --reference.',
    message: ({ mode }) =>
      `the mode is ${octal(mode)}, of which the logplay of the reference keeps ${octal(mode & 0o777)}`,
  },
  REFERENCE_DAXDEV: {
    ...ROW,
    summary: 'file has extents on another daxdev than the primary, the only one that the reference tools know',
    advice:
      'Reported with --reference. The fsck of the reference reports collisions or crashes, its creat fails, and its daemon cannot serve the file.',
    message: (_, { daxdev }) => `extent is on daxdev ${daxdev}, which the reference tools take for the primary`,
  },
} as const satisfies RowsOf<Extract<FindingCode, `REFERENCE_${string}`>>;
