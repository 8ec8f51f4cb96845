/** A few images of the long run (npm run fuzz), different ones each time. */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeCorpus, type Seed } from './corpus.js';
import { trial } from './trial.js';

const IMAGES = 200;
const folder = mkdtempSync(join(tmpdir(), 'famfs-fuzz-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('no mutated image makes a command fail in an undocumented way, hang, write outside or take claimed space', async () => {
  const corpus = await makeCorpus(folder);
  const first = randomInt(2 ** 31);
  for (let number = first; number < first + IMAGES; number++) {
    const seed = corpus[number % corpus.length] as Seed;
    try {
      await trial(seed, number);
    } catch (cause) {
      throw new Error(`image ${number} (${seed.name}): ${(cause as Error).message}`, { cause });
    }
  }
});
