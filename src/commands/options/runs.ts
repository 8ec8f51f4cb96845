/** How often a simulation is repeated with other seeds. */
import type { Policy } from '../../fs/allocate/placement.js';
import type { OptionSpec } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';

const DEFAULT = 5;
const MOST = 1000;

/** The option --runs; `purpose` begins its summary. */
export function runsOption(purpose: string) {
  return {
    type: 'integer',
    value: 'N',
    min: 1,
    max: MOST,
    summary: `${purpose}; the default is ${DEFAULT}, or 1 if nothing is random`,
  } as const satisfies OptionSpec;
}

/** The number of runs: as given, or the default for the policy. Throws UsageError for runs that would be all the same. */
export function runsOf(given: number | undefined, policy: Policy): number {
  if (policy === 'random') return given ?? DEFAULT;
  if (given !== undefined && given > 1)
    throw new UsageError(`--runs is for the random policy, and the policy is ${policy}`, 'leave it out');
  return 1;
}
