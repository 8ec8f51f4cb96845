/** The label of a new file system. */
import { labelFault } from '../../format/poolLabel.js';
import { UsageError } from '../../ui/errors.js';

export const labelOption = {
  type: 'string',
  short: 'L',
  value: 'NAME',
  summary: 'name of the file system, for --dev LABEL=NAME and famfs list',
  details:
    "At most 63 bytes of UTF-8, without control characters, '/' and ':'. Recorded on the primary, where the reference tools do not look.",
} as const;

/** Throws UsageError for a label that no file system can have. */
export function refuseLabel(label: string): void {
  const fault = labelFault(label);
  if (fault === undefined) return;
  throw new UsageError(`option --label: '${label}' ${fault}`, 'give 1 to 63 bytes of text, such as weights-2026');
}
