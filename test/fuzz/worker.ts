/** A process of the long run: looks at its share of the images and tells its parent of each. */
import { mkdirSync } from 'node:fs';
import { makeCorpus } from './corpus.js';
import { trial } from './trial.js';

const MOST_FINDINGS = 20;

/** Images `first`, `first + step`, ... below `end`. */
export interface Share {
  readonly folder: string;
  readonly first: number;
  readonly end: number;
  readonly step: number;
}

export interface Progress {
  readonly number: number;
  /** resident bytes of this process */
  readonly memory: number;
  /** what was wrong, if anything was */
  readonly finding: string | undefined;
}

const { folder, first, end, step } = JSON.parse(process.argv[2] as string) as Share;
mkdirSync(folder);
const corpus = await makeCorpus(folder);
for (let number = first, findings = 0; number < end && findings < MOST_FINDINGS; number += step) {
  const seed = corpus[number % corpus.length] as (typeof corpus)[number];
  let finding: string | undefined;
  try {
    await trial(seed, number);
  } catch (error) {
    findings++;
    finding = `(${seed.name}): ${(error as Error).message}`;
  }
  const progress: Progress = { number, memory: process.memoryUsage.rss(), finding };
  process.send?.(progress);
}
process.disconnect();
