/** `fsck --list-checks`: the catalogue of problems. */
import { PROBLEMS, type ProblemRow } from '../../fs/finding/problem.js';
import type { Result } from '../../ui/command.js';

const REPAIRS = { preen: 'with -p', yes: 'with -y', partly: 'partly', no: 'never' } as const;

/** Every problem that fsck knows, with its meaning, severity and repair. */
export function listChecks(): Result {
  const rows = Object.entries(PROBLEMS) as [string, ProblemRow][];
  const checks = rows.map(([code, { stage, severity, usable, summary, advice, repair, how }]) => {
    return { code, stage, severity, usable, summary, advice, repair, how };
  });
  return {
    data: { checks },
    text: (style) =>
      checks.map(
        ({ code, stage, severity, summary, repair, how }) =>
          `${style.bold(code)} (${stage}, ${severity}): ${summary}. Repaired ${REPAIRS[repair]}: ${how}`,
      ),
  };
}

/** The same for the man page: a paragraph a code. */
export function checkParagraphs(): string[] {
  return (Object.entries(PROBLEMS) as [string, ProblemRow][]).map(
    ([code, { severity, summary, repair, how }]) =>
      `${code} (${severity}): ${summary}. Repaired ${REPAIRS[repair]}: ${how}`,
  );
}
