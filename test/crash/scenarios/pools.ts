/** daxdev add, and how pools are judged. */
import assert from 'node:assert/strict';
import type { FsckReport } from '../../support/pool.js';
import { MIB } from '../../support/sandbox.js';
import type { Scenario } from '../scenario.js';
import type { Stand } from '../stand.js';
import { OLD_FILES, oldFs } from './fileSystems.js';

type Report = FsckReport & { readonly fsUuid: string };

/**
 * Runs fsck -p on the pool of an image, which may do no more than count an entry. `name` is given the repairs and returns the name
 * of the outcome.
 */
export async function judgePool(stand: Stand, image: string, name: (report: Report) => string): Promise<string> {
  const { exitCode, stdout, stderr } = await stand.run('fsck', '-p', '--no-undo', '--json', '--dev', image);
  if (exitCode === 8) {
    assert.match(stderr, /"code": ?"(NO_FAMFS|NO_PRIMARY)"/);
    return 'none';
  }
  assert.ok(exitCode === 0 || exitCode === 1, `fsck -p ${image} exits ${exitCode}: ${stdout}${stderr}`);
  const report = JSON.parse(stdout) as Report;
  const repairs = report.repairs.filter(({ done }) => done);
  assert.ok(repairs.every(({ id }) => id === 'LOG_COUNT') && report.errors === 0, stdout);
  return name({ ...report, repairs });
}

/** Daxdevs that join: the pool is sound with and without them, nothing is lost, and they can be added again. */
function adding(name: string, joining: readonly string[], options: readonly string[], prepare: Scenario['prepare']) {
  const add = (members: readonly string[]) => ['daxdev', 'add', '--quiet', ...options, '--dev', 'pool', ...members];
  const scenario: Scenario = {
    name,
    async prepare(stand) {
      return [...(await oldFs(stand)), ...(await prepare(stand))];
    },
    async work(stand, report) {
      await stand.ok(...add(joining));
      report(...joining);
    },
    judge: async (stand, { reported, idle, counted }) => {
      const members = new Set<string>();
      await judgePool(stand, 'pool', ({ daxdevs, repairs }) => {
        assert.ok(!idle || repairs.length === 0, 'repaired though nothing was being written');
        for (const { path } of daxdevs) members.add(path?.split('/').at(-1) ?? 'missing');
        return '';
      });
      for (const member of ['pool', ...reported]) assert.ok(members.has(member), `${member} is lost`);
      assert.ok(members.size > counted, `${counted} members were counted, ${members.size - 1} are left`);
      const left = joining.filter((member) => !members.has(member));
      if (left.length > 0) await stand.ok(...add(left));
      const { daxdevs, errors, warnings } = await stand.json<Report>('fsck', '-n', 'pool');
      assert.deepEqual([errors, warnings, daxdevs.length], [0, 0, 1 + joining.length], 'added again');
      const { entries } = await stand.json<{ entries: { path: string }[] }>('ls', '-R', '--dev', 'pool');
      assert.deepEqual(
        entries.map(({ path }) => path),
        OLD_FILES,
      );
      return `${joining.length - left.length} joined`;
    },
    finds: Array.from({ length: joining.length + 1 }, (_, i) => `${i} joined`),
  };
  return scenario;
}

const small = 16 * MIB;

export const ADDS: readonly Scenario[] = [
  adding('daxdev add', ['second'], [], async (stand) => [stand.image('second', small)]),
  adding('daxdev add of two, over a famfs', ['second', 'third'], ['--force'], async (stand) => {
    await stand.ok('mkfs', '--quiet', stand.image('second', small));
    await stand.ok('creat', '-s', '2M', 'foreign', '--dev', 'second');
    return ['second', stand.image('third', small)];
  }),
];
