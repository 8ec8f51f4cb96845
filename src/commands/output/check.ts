/** `fsck --list-checks`: the catalogue of findings. */
import type { FindingCode } from '../../fs/finding/values.js';
import { CATALOGUE, FINDING_CODES } from '../../fs/fsck/catalogue/catalogue.js';
import type { RepairKind, Severity, Stage } from '../../fs/fsck/catalogue/row.js';
import type { RepairId } from '../../fs/fsck/repairs/values.js';
import type { Result } from '../../ui/command.js';

const REPAIRED: Readonly<Record<RepairKind, string>> = {
  preen: 'Repaired with -p.',
  yes: 'Repaired with -y.',
  partly: 'Repaired in some cases.',
  no: 'Never repaired.',
};

export interface ChecksReport {
  readonly checks: readonly CheckRow[];
}

interface CheckRow {
  readonly code: FindingCode;
  readonly stage: Stage;
  readonly severity: Severity;
  /** for a finding about a log entry: whether the entry is used nevertheless */
  readonly usable: boolean;
  readonly summary: string;
  readonly advice: string;
  /** whether it can be repaired: with -p, with -y, in some cases, or never */
  readonly repair: RepairKind;
  readonly repairs: readonly RepairId[];
  /** what the repair does, or why there is none */
  readonly how: string;
}

/** Every finding that fsck can report, with its meaning, severity and repair. */
export function listChecks(): Result<ChecksReport> {
  const checks = FINDING_CODES.map((code) => {
    const { stage, severity, usable, summary, advice, repair, repairs, how } = CATALOGUE[code];
    return { code, stage, severity, usable, summary, advice, repair, repairs, how };
  });
  return {
    data: { checks },
    text: (style) =>
      checks.map(({ code, stage, severity }) => `${style.bold(code)} (${stage}, ${severity}): ${wordsOf(code)}`),
  };
}

/** The same for the man page: a paragraph for each code. */
export function checkParagraphs(): string[] {
  return FINDING_CODES.map((code) => `${code} (${CATALOGUE[code].severity}): ${wordsOf(code)}`);
}

function wordsOf(code: FindingCode): string {
  const { summary, repair, how } = CATALOGUE[code];
  return `${summary}. ${REPAIRED[repair]} ${how}`;
}
