/**
 * cp and creat --seed: files with their bytes. Whenever a new file is visible, all its bytes are there (docs/data.md, "First the
 * bytes, then the entry"). A file that is overwritten in place has its bytes once that was reported.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { words } from '../../support/patternModel.js';
import { MIB } from '../../support/sandbox.js';
import { judgeNames, judgeSound } from '../judge.js';
import type { Scenario } from '../scenario.js';
import type { Stand } from '../stand.js';
import { OLD_FILES, SMALL_UNITS, usedFs } from './fileSystems.js';

/** A file and its contents. */
interface Filled {
  readonly path: string;
  /** bytes */
  readonly size: number;
  /** seed of the pattern that verify knows; zeros without one */
  readonly seed?: number;
}

/** exists all the time */
const KEPT: Filled = { path: 'kept', size: 9000, seed: 3 };
const SMALL: Filled = { path: 'small', size: 5000, seed: 5 };
const LARGE: Filled = { path: 'large', size: 70_001, seed: 7 };

interface Filling {
  readonly name: string;
  /** options of mkfs */
  readonly mkfs?: readonly string[];
  /** files on disk to be copied, below the folder `source` beside the images */
  readonly sources?: readonly Filled[];
  run(stand: Stand): Promise<unknown>;
  readonly directories?: readonly string[];
  readonly files: readonly Filled[];
  readonly finds: readonly string[];
}

function filling({ name, mkfs = [], sources = [], run, directories = [], files, finds }: Filling): Scenario {
  const made = [...directories, ...files.map(({ path }) => path)];
  return {
    name,
    async prepare(stand) {
      for (const source of sources) writeSource(stand, source);
      const images = await usedFs(stand, ...mkfs);
      await makeFilled(stand, KEPT);
      return images;
    },
    async work(stand, report) {
      await run(stand);
      report(...made);
    },
    judge: async (stand, state) => {
      const there = await judgeSound(stand, state);
      const left = judgeNames(there, [...OLD_FILES, KEPT.path], made, state);
      for (const file of [KEPT, ...files.filter(({ path }) => left.includes(path))])
        assert.ok(await isIntact(stand, file), `${file.path} is there without its bytes`);
      return `${left.length} made`;
    },
    finds,
  };
}

/** An existing file is overwritten: its bytes are uncertain until that is reported, and no other file changes. */
const overwriting: Scenario = {
  name: 'cp over a file',
  async prepare(stand) {
    writeSource(stand, { ...SMALL, seed: 6 });
    const images = await usedFs(stand);
    for (const file of [KEPT, SMALL]) await makeFilled(stand, file);
    return images;
  },
  async work(stand, report) {
    await stand.ok('cp', stand.path('source/small'), 'small', '--dev', 'pool');
    report(SMALL.path);
  },
  judge: async (stand, state) => {
    const there = await judgeSound(stand, state, { repairs: [] });
    judgeNames(there, [...OLD_FILES, KEPT.path, SMALL.path], [], state);
    assert.ok(await isIntact(stand, KEPT), 'another file has lost its bytes');
    const isNew = await isIntact(stand, { ...SMALL, seed: 6 });
    assert.ok(isNew || state.reported.length === 0, 'it was reported, and its bytes are not there');
    if (isNew) return 'new';
    return (await isIntact(stand, SMALL)) ? 'old' : 'mixed';
  },
  finds: ['old', 'new', 'mixed'],
};

function writeSource(stand: Stand, { path, size, seed = 0 }: Filled): void {
  const source = stand.path(`source/${path}`);
  mkdirSync(dirname(source), { recursive: true });
  writeFileSync(source, words(BigInt(seed), Math.ceil(size / 4)).subarray(0, size));
}

function makeFilled(stand: Stand, { path, size, seed }: Filled): Promise<string> {
  return stand.ok('creat', '-s', `${size}`, '--seed', `${seed}`, path, '--dev', 'pool');
}

async function isIntact(stand: Stand, { path, size, seed }: Filled): Promise<boolean> {
  if (seed !== undefined) return (await stand.run('verify', '--seed', `${seed}`, path, '--dev', 'pool')).exitCode === 0;
  const copy = stand.path('copy');
  rmSync(copy, { force: true });
  await stand.ok('get', path, copy, '--dev', 'pool');
  return readFileSync(copy).equals(Buffer.alloc(size));
}

/** Copies from a pipe that another process writes to. */
async function copyStream(stand: Stand): Promise<void> {
  const [source, fifo] = [stand.path('source/large'), stand.path('fifo')];
  execFileSync('mkfifo', [fifo]);
  const writer = spawn('sh', ['-c', 'cat "$0" >"$1"', source, fifo]);
  await stand.ok('cp', '-s', `${LARGE.size}`, fifo, 'large', '--dev', 'pool');
  writer.kill();
}

/** Makes the tree as a manifest states it. */
async function applyTree(stand: Stand): Promise<void> {
  const manifest = stand.path('manifest.json');
  const files = TREE.map(({ path }) => ({ path, source: stand.path(`source/${path}`) }));
  writeFileSync(manifest, JSON.stringify({ files }));
  await stand.ok('apply', manifest, '--dev', 'pool');
}

const creat = (...argv: string[]) => ['creat', '--dev', 'pool', ...argv];
const TREE: readonly Filled[] = [
  { ...LARGE, path: 'tree/a' },
  { ...SMALL, path: 'tree/sub/b' },
];

export const FILLS: readonly Scenario[] = [
  filling({
    name: 'creat --seed',
    run: (stand) => stand.ok(...creat('--seed', '7', '--multi', 'large,70001', '--multi', 'second,3000')),
    files: [LARGE, { path: 'second', size: 3000, seed: 7 }],
    finds: ['0 made', '1 made', '2 made'],
  }),
  filling({
    name: 'cp',
    sources: [LARGE],
    run: (stand) => stand.ok('cp', '--verify', stand.path('source/large'), 'large', '--dev', 'pool'),
    files: [LARGE],
    finds: ['0 made', '1 made'],
  }),
  filling({
    name: 'cp -r',
    sources: TREE,
    run: (stand) => stand.ok('cp', '-r', stand.path('source/tree'), 'tree', '--dev', 'pool'),
    directories: ['tree', 'tree/sub'],
    files: TREE,
    finds: ['0 made', '1 made', '2 made', '3 made', '4 made'],
  }),
  filling({
    name: 'cp -r in small units',
    mkfs: SMALL_UNITS,
    sources: TREE,
    run: (stand) => stand.ok('cp', '-r', '--verify', stand.path('source/tree'), 'tree', '--dev', 'pool'),
    directories: ['tree', 'tree/sub'],
    files: TREE,
    finds: ['0 made', '1 made', '2 made', '3 made', '4 made'],
  }),
  overwriting,
];

/** The source stays as it is, and the new file system is sound, whatever files it has so far. */
export const cloning: Scenario = {
  name: 'clone',
  async prepare(stand) {
    await usedFs(stand);
    for (const file of [KEPT, SMALL]) await makeFilled(stand, file);
    return ['pool', stand.image('to', 24 * MIB)];
  },
  async work(stand, report) {
    await stand.ok(...CLONE);
    report('the clone');
  },
  judge: async (stand, { reported, number }) => {
    const isWhole = async (path: string, dev: string) => {
      const { seed } = path === KEPT.path ? KEPT : SMALL;
      return (await stand.run('verify', '--seed', `${seed}`, path, '--dev', dev)).exitCode === 0;
    };
    const isClose = number % CLOSE === 0;
    if (isClose)
      assert.ok((await isWhole(KEPT.path, 'pool')) && (await isWhole(SMALL.path, 'pool')), 'the source has changed');
    const { exitCode, stdout, stderr } = await stand.run('fsck', '-p', '--no-undo', '--json', 'to');
    let outcome = 'none';
    if (exitCode === 8) assert.match(stderr, /"code": ?"NO_FAMFS"/);
    else {
      assert.ok(exitCode === 0 || exitCode === 1, stdout);
      const { entries } = await stand.json<{ entries: { path: string }[] }>('ls', '-R', '--dev', 'to');
      const made = [KEPT.path, SMALL.path].filter((path) => entries.some((entry) => entry.path === path));
      for (const path of made) assert.ok(await isWhole(path, 'to'), `${path} is there without its bytes`);
      outcome = entries.length === 5 ? 'whole' : 'part';
    }
    assert.ok(outcome === 'whole' || reported.length === 0, 'it was reported, and files are missing');
    if (!isClose) return outcome;
    await stand.ok(...CLONE, '--force');
    assert.ok(
      (await isWhole(KEPT.path, 'to')) && (await isWhole(SMALL.path, 'to')),
      'the second run does not complete it',
    );
    await stand.ok('fsck', '-n', 'to');
    return outcome;
  },
  finds: ['none', 'part', 'whole'],
};

/** one in so many states is looked at closely, and cloned again */
const CLOSE = 4;
const CLONE = ['clone', '--quiet', '--dev', 'pool', '--to', 'to'];

/** Other sources, and a file that fills a chunk on one strip and begins another. */
export const MORE_FILLS: readonly Scenario[] = [
  filling({
    name: 'creat in small units',
    mkfs: SMALL_UNITS,
    run: (stand) => stand.ok(...creat('--seed', '7', '--multi', 'large,70001', '--multi', 'second,3000')),
    files: [LARGE, { path: 'second', size: 3000, seed: 7 }],
    finds: ['0 made', '1 made', '2 made'],
  }),
  filling({
    name: 'cp in small units',
    mkfs: SMALL_UNITS,
    sources: [LARGE],
    run: (stand) => stand.ok('cp', '--verify', stand.path('source/large'), 'large', '--dev', 'pool'),
    files: [LARGE],
    finds: ['0 made', '1 made'],
  }),
  filling({
    name: 'apply in small units',
    mkfs: SMALL_UNITS,
    sources: TREE,
    run: applyTree,
    directories: ['tree', 'tree/sub'],
    files: TREE,
    finds: ['0 made', '1 made', '2 made', '3 made', '4 made'],
  }),
  filling({
    name: 'creat --zero',
    run: (stand) => stand.ok(...creat('--zero', '-s', '5000', 'zeros')),
    files: [{ path: 'zeros', size: 5000 }],
    finds: ['0 made', '1 made'],
  }),
  filling({
    name: 'cp of a stream',
    sources: [LARGE],
    run: copyStream,
    files: [LARGE],
    finds: ['0 made', '1 made'],
  }),
  filling({
    name: 'creat --seed, striped',
    run: (stand) => stand.ok(...creat('--seed', '7', '-s', '2102152', '--stripes', '2', '--chunk', '2M', 'striped')),
    files: [{ path: 'striped', size: 2_102_152, seed: 7 }],
    finds: ['0 made', '1 made'],
  }),
];
