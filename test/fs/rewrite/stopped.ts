/** Rewrites that are stopped at a step: each step ends with a fence. */
import { LOG_MAGIC } from '../../../src/format/logHeader.js';
import { REWRITE_MAGIC } from '../../../src/format/rewriteJournal.js';
import { observeMemory } from '../../../src/native/device.js';
import type { Run } from '../../support/runCommand.js';
import { firstBytes, MIB, type Sandbox } from '../../support/sandbox.js';

/** The steps of a rewrite, by the number of their fence. */
export const STEPS = {
  entriesOfJournal: 1,
  journal: 2,
  /** the header says that the log is being rewritten */
  begun: 3,
  /** and where the journal is: since then it is completed */
  pointed: 4,
  /** and the slots after them are clear */
  entries: 5,
  counts: 6,
  length: 7,
  /** the new log is there */
  real: 8,
  cleared: 9,
} as const;

/** Runs a command in this process and stops it, as a kill would, when its step is in memory. */
export async function stopAfter(sandbox: Sandbox, step: number, argv: readonly string[]): Promise<Run> {
  let done = 0;
  let stored = false;
  observeMemory({
    write() {
      if (done >= step) throw new Error('stopped by the test');
      stored = true;
    },
    // reading fences too
    fence() {
      if (stored) done++;
      stored = false;
    },
  });
  try {
    return await sandbox.run(argv);
  } finally {
    observeMemory(undefined);
  }
}

/** The magic of an image's log header, in words. */
export function magicOf(image: string): 'log' | 'rewriting' | 'other' {
  const magic = Number(firstBytes(image, 2 * MIB + 8).readBigUInt64LE(2 * MIB));
  return magic === LOG_MAGIC ? 'log' : magic === REWRITE_MAGIC ? 'rewriting' : 'other';
}
