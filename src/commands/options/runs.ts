/** How often a simulation is repeated with other seeds. */
import type { Policy } from '../../fs/allocate/placement.js';
import type { OptionSpec } from '../../ui/command.js';

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

/** The number of runs: as given, or the default for the policy. */
export function runsOf(given: number | undefined, policy: Policy): number {
  return given ?? (policy === 'random' ? DEFAULT : 1);
}
