/** Completes a rewrite of the log that was cut off, or drops it if the old log was not touched yet. */
import { completionSteps } from '../../log/rewriting.js';
import type { Inspection } from '../checks/inspection.js';
import type { RepairOf } from './repair.js';

/** The repair of a log that is being rewritten; undefined if its journal is not available, or damaged. */
export function repairRewrite({ rewriting, reading }: Inspection): RepairOf<'LOG_REWRITE'> | undefined {
  if (rewriting === undefined || reading.state !== 'valid') return undefined;
  const { found, log } = rewriting;
  if (found.state !== 'whole' && found.state !== 'journal') return undefined;
  return {
    id: 'LOG_REWRITE',
    safety: 'preen',
    fixes: ['LOG_REWRITING'],
    values: { entries: found.state === 'journal' ? found.journal.record.entries : null },
    // an undo leads back to the journal, and restores nothing outside the log
    steps: completionSteps(log, found, true),
  };
}
