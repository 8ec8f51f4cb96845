/** Real kills: a command ends by SIGKILL at a random moment of its work; what is left must be sound or repaired by -p. */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Random } from '../../src/fs/allocate/random.js';
import type { Sandbox } from '../support/sandbox.js';
import { end, start } from '../support/writers.js';

/** A command that is about to be killed. */
export interface Work {
  readonly argv: readonly string[];
  /** its standard input */
  readonly input?: string;
  /** how much of it can be seen in memory: 0 before it has begun */
  progress(): number;
  /** the progress of all of it */
  readonly whole: number;
  /** milliseconds; the kill comes up to so much after the progress, where much of the work cannot be seen */
  readonly unseen?: number;
  /** throws when this is not what it may leave, having come so far when it was killed */
  judge(reached: number): Promise<void>;
}

export interface Victim {
  readonly name: string;
  /** made anew for each kill */
  prepare(sandbox: Sandbox, random: Random): Promise<Work>;
}

/** Kills one command. Returns whether it was stopped in the middle of what can be seen of it. */
export async function killOnce(sandbox: Sandbox, victim: Victim, random: Random): Promise<boolean> {
  const work = await victim.prepare(sandbox, random);
  const target = 1 + Math.floor(random() * work.whole * 0.9);
  const child = start(sandbox, work.argv, work.input);
  const ended = end(child);
  // by what is done, not by the clock: a busy machine starts late
  for (let done = 0; done < target && child.exitCode === null; done = work.progress())
    await (done === 0 ? setTimeout(1) : setImmediate());
  if (work.unseen !== undefined) await setTimeout(random() * work.unseen);
  const reached = work.progress();
  child.kill('SIGKILL');
  await ended;
  const left = work.progress();
  await work.judge(reached);
  return left > 0 && left < work.whole;
}
