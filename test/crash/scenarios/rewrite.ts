/** Rewrites of the log: a crash leaves the old log or the new one, or what the next writer or fsck -p completes. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { entryOffset } from '../../support/patch.js';
import type { FsckReport } from '../../support/pool.js';
import { firstBytes, MIB } from '../../support/sandbox.js';
import { heal, LATER } from '../judge.js';
import type { CrashState, Scenario } from '../scenario.js';
import type { Stand } from '../stand.js';
import { oldFs, poke, SMALL_UNITS, usedFs } from './fileSystems.js';
import { MORE_LEAVING, removal } from './leaving.js';

interface Operation {
  readonly path?: string | null;
}

/** All entries of the log, but for what the judge makes. */
async function contents(stand: Stand): Promise<string> {
  const { operations } = await stand.json<{ operations: Operation[] }>('log', 'list', '--dev', 'pool');
  return JSON.stringify(operations.filter(({ path }) => path !== LATER));
}

/** A command that rewrites the log of a file system. */
interface Rewriting {
  readonly name: string;
  readonly argv: readonly string[];
  readonly prepare: (stand: Stand) => Promise<string[]>;
  readonly damage?: (stand: Stand) => void;
  /** makes the state sound enough to be looked at */
  readonly healing?: (stand: Stand, state: CrashState) => Promise<unknown>;
  /** what must hold in addition once the new log is in place */
  readonly judgeNew?: (stand: Stand) => Promise<void>;
}

function rewriting({ name, argv, prepare, damage, healing = healRewritten, judgeNew }: Rewriting): Scenario {
  let before: string;
  let after: string | undefined;
  const run = (stand: Stand) => stand.ok(...argv, '--clients-unmounted', '--dev', 'pool');
  return {
    name,
    async prepare(stand) {
      const images = await prepare(stand);
      await stand.ok('creat', '--seed', '3', '-s', '9000', 'kept', '--dev', 'pool');
      damage?.(stand);
      before = await contents(stand);
      return images;
    },
    async work(stand, report) {
      await run(stand);
      report('the rewrite');
      after = await contents(stand);
      assert.notEqual(after, before);
    },
    judge: async (stand, state) => {
      await healing(stand, state);
      const left = await contents(stand);
      assert.ok(left === before || left === after, `neither the old nor the new file system: ${left}`);
      assert.ok(left === after || state.reported.length === 0, 'it was reported, and is not done');
      if (state.number % REPEATS === 0) await stand.ok('verify', '-S', '3', 'kept', '--dev', 'pool');
      if (left === after) await judgeNew?.(stand);
      // an interrupted command can be repeated
      else if (state.number % REPEATS === 0)
        await run(stand).then(async () => assert.equal(await contents(stand), after));
      return left === after ? 'new' : 'old';
    },
    finds: ['new', 'old'],
  };
}

const healRewritten = (stand: Stand, state: CrashState) =>
  heal(stand, state, { repairs: ['LOG_REWRITE'], one: REPEATS });

/** Where old/a has its bytes: the first file of its file system. */
const FIRST_FILE = { start: 10 * MIB, end: 12 * MIB };

/** A file system whose first file has bytes. */
async function wipedFs(stand: Stand): Promise<string[]> {
  const images = await usedFs(stand);
  poke(stand, 'pool', FIRST_FILE.start, Buffer.alloc(FIRST_FILE.end - FIRST_FILE.start, 0x5a));
  return images;
}

/** A primary with holes of one allocation unit, and a secondary with room for what the judge makes. */
async function scatteredFs(stand: Stand): Promise<string[]> {
  const [unit, files] = [4096, 48];
  const on = ['--dev', 'pool'];
  const name = (i: number) => `old/${i}`;
  await stand.ok('mkfs', '--quiet', '--alloc-unit', `${unit}`, stand.image('pool', 10 * MIB + files * unit));
  await stand.ok('mkdir', 'old', ...on);
  await stand.ok('creat', '-s', `${unit}`, ...Array.from({ length: files }, (_, i) => name(i)), ...on);
  const odd = Array.from({ length: files / 2 }, (_, i) => name(2 * i + 1));
  await stand.ok('rm', '--clients-unmounted', '--journal', stand.path('journal'), ...odd, ...on);
  await stand.ok('daxdev', 'add', '--quiet', stand.image('second', 8 * MIB), ...on);
  return ['pool', 'second'];
}

/** Nobody can read the bytes of the removed file any more. */
async function judgeWiped({ folder }: Stand): Promise<void> {
  const bytes = firstBytes(join(folder, 'pool'), FIRST_FILE.end).subarray(FIRST_FILE.start);
  assert.ok(
    bytes.every((byte) => byte === 0),
    'its bytes are still there',
  );
}

/** byte of an entry that only its crc covers: of the path */
const PATH_IN_ENTRY = 40;

/** The second entry, old/a, is damaged: only a compaction of the log drops it. */
function damageEntry(stand: Stand): void {
  poke(stand, 'pool', entryOffset(1) + PATH_IN_ENTRY, Buffer.from('damaged'));
}

/** fsck or the next writer completes a rewrite, and leaves the damage that was there before. */
async function judgeCompacted(stand: Stand, { number }: CrashState): Promise<void> {
  const report = (exitCode: number, { stdout, stderr }: { stdout: string; stderr: string }): FsckReport => {
    assert.ok([0, 1, 4, 5].includes(exitCode), `fsck exits ${exitCode}: ${stderr}`);
    return JSON.parse(stdout) as FsckReport;
  };
  if (number % 2 === 1) await stand.run('mkdir', 'old', '--dev', 'pool');
  const first = await stand.run('fsck', '-p', '--no-undo', '--json', 'pool');
  const { repairs } = report(first.exitCode, first);
  const wanted = number % 2 === 1 ? [] : ['LOG_REWRITE'];
  assert.deepEqual(
    repairs.filter(({ id, done }) => done && !wanted.includes(id)),
    [],
  );
  const then = await stand.run('fsck', '-n', '--json', 'pool');
  const { findings } = report(then.exitCode, then);
  assert.ok(
    findings.every(({ slot }) => slot === 1),
    then.stdout,
  );
}

/** one in so many states is looked at closely */
const REPEATS = 3;

export const REWRITES: readonly Scenario[] = [
  rewriting({ name: 'rm', argv: ['rm', 'old/a'], prepare: usedFs }),
  removal,
];

export const MORE_REWRITES: readonly Scenario[] = [
  ...MORE_LEAVING,
  rewriting({ name: 'rm with its journal in many holes', argv: ['rm', 'old/0'], prepare: scatteredFs }),
  rewriting({ name: 'rm in small units', argv: ['rm', 'old/a'], prepare: (stand) => usedFs(stand, ...SMALL_UNITS) }),
  rewriting({ name: 'rm -r', argv: ['rm', '-r', 'old'], prepare: usedFs }),
  rewriting({ name: 'rm --wipe', argv: ['rm', '--wipe', 'old/a'], prepare: wipedFs, judgeNew: judgeWiped }),
  rewriting({ name: 'mv', argv: ['mv', 'old', 'new'], prepare: oldFs }),
  rewriting({ name: 'chmod -R', argv: ['chmod', '-R', '700', '/'], prepare: oldFs }),
  rewriting({ name: 'chown -R', argv: ['chown', '-R', '7:8', '/'], prepare: oldFs }),
  rewriting({ name: 'truncate', argv: ['truncate', '-s', '1', 'old/a', 'old/b'], prepare: oldFs }),
  rewriting({
    name: 'log compact',
    argv: ['log', 'compact', '--drop-skipped'],
    prepare: usedFs,
    damage: damageEntry,
    healing: judgeCompacted,
  }),
];
