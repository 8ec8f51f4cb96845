/** Real kills: SIGKILL ends a command at a random moment; what it leaves must be sound, or fsck -p must repair it. */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Random } from '../../src/fs/allocate/random.js';
import { ended } from '../support/famfs.js';
import type { Sandbox } from '../support/sandbox.js';
import { start } from '../support/writers.js';

/** A command that is about to be killed. */
export interface Work {
  readonly argv: readonly string[];
  /** its standard input */
  readonly input?: string;
  /** progress that is visible in memory: 0 before it has begun */
  progress(): number;
  /** the progress when it has finished */
  readonly whole: number;
  /** milliseconds; the kill comes up to this long after the progress, for work that is not visible */
  readonly unseen?: number;
  /** throws if it may not leave this, given its progress when it was killed */
  judge(reached: number): Promise<void>;
}

export interface Victim {
  readonly name: string;
  /** called for each kill */
  prepare(sandbox: Sandbox, random: Random): Promise<Work>;
}

/** Kills one command. Returns whether that was in the middle of its visible progress. */
export async function killOnce(sandbox: Sandbox, victim: Victim, random: Random): Promise<boolean> {
  const work = await victim.prepare(sandbox, random);
  const target = 1 + Math.floor(random() * work.whole * 0.9);
  const child = start(sandbox, work.argv, work.input);
  const ending = ended(child);
  // by progress, not by the clock: a busy machine starts late
  for (let done = 0; done < target && child.exitCode === null; done = work.progress())
    await (done === 0 ? setTimeout(1) : setImmediate());
  if (work.unseen !== undefined) await setTimeout(random() * work.unseen);
  const reached = work.progress();
  child.kill('SIGKILL');
  await ending;
  const left = work.progress();
  await work.judge(reached);
  return left > 0 && left < work.whole;
}
