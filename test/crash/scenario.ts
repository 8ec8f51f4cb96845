/** Records a command, puts its images into every state that a crash of it may leave, and has each judged. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
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
  /** nothing was stored since they reported it: no crash may leave anything to repair */
  readonly idle: boolean;
  /** how many entries the log counted for certain that it did not count when the recording began */
  readonly counted: number;
}

/** Names what a crash has left; throws when it may not leave that. */
export type Judge = (stand: Stand, state: CrashState) => Promise<string>;

/** How many states are looked at beside those that always are; see arrivals.ts. */
export interface Effort {
  /** of the mixtures that are picked at random */
  readonly seed: number;
  /** mixtures at each point of the recording */
  readonly samples: number;
  /** lines that are looked at one by one */
  readonly singles: number;
}

/** What is recorded and how its outcomes are judged. */
export interface Scenario {
  readonly name: string;
  /** system uuid of the host; one of its own unless said */
  readonly host?: string;
  /** name of a file beside the images that the work writes and the judge reads */
  readonly file?: string;
  /** makes the images that the work starts from; returns their names */
  prepare(stand: Stand): Promise<readonly string[]>;
  /** runs the commands that are stopped; they must succeed when they are not */
  work(stand: Stand, report: Report): Promise<void>;
  /** is shown every state of the images */
  readonly judge: Judge;
  /** is shown every state of the images with each state of the file */
  readonly fileJudge?: Judge;
  /** what the judges must have found once all states were judged, so that none of it is only thought of */
  readonly finds: readonly string[];
}

export interface Outcome {
  /** stores and fences that were recorded */
  readonly operations: number;
  readonly states: number;
  /** how often the judges found what */
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
