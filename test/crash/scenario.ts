/** Records a command, puts its images into every state that a crash may leave, and has each judged. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { useCalls } from '../../src/native/device.js';
import { OWN_UUID } from '../support/sandbox.js';
import { CrashReplay } from './crashReplay.js';
import { Images } from './images.js';
import { type Report, record } from './recording.js';
import { Stand } from './stand.js';

/** What a judge may expect of a state. */
export interface CrashState {
  /** counts the states of a scenario */
  readonly number: number;
  /** what the commands had reported as made */
  readonly reported: readonly string[];
  /** nothing was stored after the report: no crash may leave anything to repair */
  readonly idle: boolean;
  /** entries that the log is certain to have counted since the recording began */
  readonly counted: number;
}

/** Names the outcome of a crash; throws if it is not allowed. */
export type Judge = (stand: Stand, state: CrashState) => Promise<string>;

/** How many states are tried in addition to those that always are; see arrivals.ts. */
export interface Effort {
  /** seed of the random mixtures */
  readonly seed: number;
  /** mixtures at each point of the recording */
  readonly samples: number;
  /** lines that are tried one by one */
  readonly singles: number;
}

/** What is recorded and how its outcomes are judged. */
export interface Scenario {
  readonly name: string;
  /** system uuid of the host; a new one by default */
  readonly host?: string;
  /** name of a file, beside the images, that the work writes and the judge reads */
  readonly file?: string;
  /** makes the images that the work starts from; returns their names */
  prepare(stand: Stand): Promise<readonly string[]>;
  /** runs the commands to be stopped, which succeed if nothing stops them */
  work(stand: Stand, report: Report): Promise<void>;
  /** is shown every state of the images */
  readonly judge: Judge;
  /** is shown every state of the images with each state of the file */
  readonly fileJudge?: Judge;
  /** outcomes that the judges must have found in the end, so that none is merely imagined */
  readonly finds: readonly string[];
}

export interface Outcome {
  /** stores and fences that were recorded */
  readonly operations: number;
  readonly states: number;
  /** outcomes that the judges found, and how often */
  readonly found: ReadonlyMap<string, number>;
}

/** Runs a scenario in a folder. Throws with scenario, seed and place of the first state that is not as it should be. */
export async function runScenario(parent: string, scenario: Scenario, effort: Effort): Promise<Outcome> {
  const home = join(parent, scenario.name.replaceAll(/\W+/g, '-'));
  const stand = new Stand(home, scenario.host ?? OWN_UUID);
  try {
    const names = await scenario.prepare(stand);
    const images = new Images(stand.folder, join(home, 'copies'), names);
    const file = scenario.file === undefined ? undefined : stand.path(scenario.file);
    // bulk data goes to memory in half of the runs, as on a device
    useCalls(effort.seed % 2 === 0);
    const operations = await record((report) => scenario.work(stand, report), file);
    for (const operation of operations) {
      if (operation.kind === 'store') images.touch(operation.image, operation.offset, operation.bytes.length);
    }
    images.restore();
    const replay = new CrashReplay(stand, images, scenario, effort);
    await replay.run(operations);
    images.close();
    const found = [...replay.found.keys()].sort();
    assert.deepEqual(found, [...scenario.finds].sort(), `${scenario.name}, seed ${effort.seed}: what crashes left`);
    return { operations: operations.length, states: replay.states, found: replay.found };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
