/** A process of the long run. */
import { workThrough } from '../support/batches.js';
import { makeCorpus, type Seed } from './corpus.js';
import { trial } from './trial.js';

await workThrough(async (folder) => {
  const corpus = await makeCorpus(folder);
  return async (number) => {
    const seed = corpus[number % corpus.length] as Seed;
    try {
      await trial(seed, number);
    } catch (cause) {
      throw new Error(`(${seed.name}): ${(cause as Error).message}`, { cause });
    }
  };
});
