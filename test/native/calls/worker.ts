/** A process of the random calls: each trial is one sequence. */
import { mkdirSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { workThrough } from '../../support/batches.js';
import { Random } from '../../support/random.js';
import { must } from './finding.js';
import { Session } from './session.js';

const STEPS = 60;

await workThrough(async (folder) => async (number) => {
  const own = join(folder, String(number));
  mkdirSync(own);
  const before = descriptors();
  try {
    await new Session(own, new Random(number), say).run(STEPS);
    must(descriptors() === before, () => 'descriptors are left open');
  } finally {
    rmSync(own, { recursive: true });
  }
});

/** With FAMFS_CALLS=1 each call is printed before it is made, so the last one printed is the one that killed the process. */
function say(call: string): void {
  if (process.env.FAMFS_CALLS) writeSync(2, `${call}\n`);
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
