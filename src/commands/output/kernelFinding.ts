import { answerText, type FindingClass, type KernelFinding } from '../../format/kernel/rule.js';
import type { Style } from '../../ui/command.js';

/** what is said of a map without objections */
export const ACCEPTED = 'a kernel accepts it';

/** A kernel's objections to a map, or that it accepts the map. */
export function findingLines(findings: readonly KernelFinding[], style: Style): string[] {
  if (findings.length === 0) return [`  ${style.green(ACCEPTED)}`];
  return findings.map((finding) => {
    const head = `${finding.rule} (${answerText(finding)})`;
    return `  ${paint(finding.class, style)(head)}: ${finding.message}`;
  });
}

function paint(kind: FindingClass, style: Style): (text: string) => string {
  return kind === 'ACCESS' ? style.yellow : style.red;
}
