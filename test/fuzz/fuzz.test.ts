/** A few images of the long run (npm run fuzz), different ones each time: each kind of damage to each image of the corpus. */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeRandom } from '../../src/fs/allocate/random.js';
import { makeCorpus, type Seed } from './corpus.js';
import { firstMutation, MUTATIONS, Target } from './mutate.js';
import { trial } from './trial.js';

const folder = mkdtempSync(join(tmpdir(), 'famfs-fuzz-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('no mutated image makes a command fail in an undocumented way, hang, write outside or take claimed space', async () => {
  const corpus = await makeCorpus(folder);
  for (const number of numbersOfEachKind(corpus)) {
    const seed = corpus[number % corpus.length] as Seed;
    try {
      await trial(seed, number);
    } catch (cause) {
      throw new Error(`image ${number} (${seed.name}): ${(cause as Error).message}`, { cause });
    }
  }
});

/** Random numbers whose trials begin with each mutation, on each image of the corpus. */
function* numbersOfEachKind(corpus: readonly Seed[]): Generator<number> {
  const left = new Map(corpus.map((seed) => [seed, new Set(MUTATIONS)]));
  for (let number = randomInt(2 ** 31); left.size > 0; number++) {
    const seed = corpus[number % corpus.length] as Seed;
    const kinds = left.get(seed);
    if (!kinds?.delete(firstMutation(new Target(seed.image, seed.entries, seed.deviceSize, makeRandom(number)))))
      continue;
    if (kinds.size === 0) left.delete(seed);
    yield number;
  }
}
