/** A process of the long run: looks at a batch of images and tells its parent of each. */
import { mkdirSync } from 'node:fs';
import { makeCorpus } from './corpus.js';
import { trial } from './trial.js';

/** Images from `first` to below `end`. */
export interface Share {
  readonly folder: string;
  readonly first: number;
  readonly end: number;
}

export interface Progress {
  readonly number: number;
  /** resident bytes of this process */
  readonly memory: number;
  /** what was wrong, if anything was */
  readonly finding: string | undefined;
}

const { folder, first, end } = JSON.parse(process.argv[2] as string) as Share;
mkdirSync(folder);
const corpus = await makeCorpus(folder);
for (let number = first; number < end; number++) {
  const seed = corpus[number % corpus.length] as (typeof corpus)[number];
  let finding: string | undefined;
  try {
    await trial(seed, number);
  } catch (error) {
    finding = `(${seed.name}): ${(error as Error).message}`;
  }
  const progress: Progress = { number, memory: process.memoryUsage.rss(), finding };
  process.send?.(progress);
}
process.disconnect();
