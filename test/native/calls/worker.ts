/** A process of the random calls: each trial is a sequence of calls of its own. */
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

/** FAMFS_CALLS=1 tells each call before it is made, so that the last one told is the one that a process died in. */
function say(call: string): void {
  if (process.env.FAMFS_CALLS) writeSync(2, `${call}\n`);
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
