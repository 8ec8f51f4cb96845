/** What --verbose says; loaded only for it. */
import { CONFIG_MEMO, filesRead } from '../../fs/host/config.js';
import { countSteps, type Step, stepText } from '../../fs/host/step.js';
import type { Context, Steps } from '../../ui/command.js';
import { humanBytes } from '../../ui/units.js';

/** With --verbose and --json, a step of the work on standard error, on a line of its own. */
export interface StepLine {
  readonly step: Step;
}

/** None for a command that reads no configuration. */
function files(context: Context): ReturnType<typeof filesRead> {
  return context.memo.has(CONFIG_MEMO) ? filesRead(context) : [];
}

export const steps: Steps = {
  text: (step) => stepText(step as Step, humanBytes),
  begin(context) {
    const { step } = context;
    for (const file of files(context)) step?.({ name: 'configured', ...file } satisfies Step);
    const end = countSteps();
    return () => step?.(end());
  },
};
