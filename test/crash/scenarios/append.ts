/** creat and mkdir append entries to an existing log. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOG_ENTRY_SIZE } from '../../../src/format/logEntry.js';
import { entryOffset } from '../../support/patch.js';
import { judgeNames, judgeSound } from '../judge.js';
import type { Scenario } from '../scenario.js';
import type { Stand } from '../stand.js';
import { LOG_COUNTS, OLD_FILES, oldFs, poke } from './fileSystems.js';

interface Call {
  readonly argv: readonly string[];
  /** the paths that it makes and reports, in that order */
  readonly makes: readonly string[];
}

interface Start {
  readonly prepare: Scenario['prepare'];
  /** entries that the log does not count yet: the first store of the work counts them */
  readonly uncounted: readonly string[];
}

/** Commands that append one entry for each path, one after another. */
function appending(
  name: string,
  calls: readonly Call[],
  { prepare, uncounted }: Start = { prepare: oldFs, uncounted: [] },
): Scenario {
  const made = [...uncounted, ...calls.flatMap(({ makes }) => makes)];
  return {
    name,
    prepare,
    async work(stand, report) {
      for (const { argv, makes } of calls) {
        await stand.ok(...argv, '--dev', 'pool');
        report(...makes);
      }
    },
    judge: async (stand, state) => {
      const there = await judgeSound(stand, state);
      return `${judgeNames(there, [...OLD_FILES, ...uncounted], made, state).length} made`;
    },
    finds: made.map((_, i) => `${i + 1} made`).concat(uncounted.length === 0 ? ['0 made'] : []),
  };
}

/** A list of files for creat, which appends them as one block. */
const LIST = ['l0', 'l1', 'l2'];

async function withList(stand: Stand): Promise<string[]> {
  writeFileSync(stand.path('list'), LIST.map((path) => `${path} 1M\n`).join(''));
  return oldFs(stand);
}

/** What a kill between an entry and its count leaves; the next writer counts the entry. */
async function uncounted(stand: Stand): Promise<string[]> {
  const images = await oldFs(stand);
  await stand.ok('creat', '-s', '2M', 'uncounted', '--dev', 'pool');
  const entries = BigInt(OLD_FILES.length);
  poke(stand, 'pool', LOG_COUNTS, new Uint8Array(new BigUint64Array([entries, entries]).buffer));
  return images;
}

/** What a crash in the middle of an entry leaves: its first lines, in a slot that the log does not count. */
async function torn(stand: Stand): Promise<string[]> {
  const images = await uncounted(stand);
  const lines = 128;
  poke(stand, 'pool', entryOffset(OLD_FILES.length) + lines, Buffer.alloc(LOG_ENTRY_SIZE - lines));
  return images;
}

const creat = (...names: string[]): Call => ({ argv: ['creat', '-s', '1M', ...names], makes: names });
const striped = ['creat', '-s', '4M', '--stripes', '2', '--chunk', '2M'];

export const APPENDS: readonly Scenario[] = [
  appending('mkdir', [{ argv: ['mkdir', '-p', 'x/y/z'], makes: ['x', 'x/y', 'x/y/z'] }]),
  appending('creat', [creat('f0', 'f1', 'f2')]),
  appending('creat of a list', [{ argv: ['creat', '--from', join('..', 'list')], makes: LIST }], {
    prepare: withList,
    uncounted: [],
  }),
  appending('creat of striped files', [{ argv: [...striped, 's0', 's1'], makes: ['s0', 's1'] }]),
  appending('one creat after the other', [creat('f0', 'f1'), creat('f2')]),
  appending('creat after a torn entry', [creat('f0')], { prepare: torn, uncounted: [] }),
  appending('creat after an entry that is not counted', [creat('f0')], {
    prepare: uncounted,
    uncounted: ['uncounted'],
  }),
];
