/** Looking at the past: after each append, the tree is recorded; later, --at shows the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PoolSandbox } from '../support/pool.js';
import { Random } from '../support/random.js';

const STEPS = 12;

test('ls, stat, showfmap, df and info --at show what they showed after so many entries', async (t) => {
  const random = new Random(t);
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64, 64);
  const looks = [['ls', '-R', '-l'], ['showfmap', '--all'], ['df'], ['info']];
  const show = (at?: number) =>
    Promise.all(
      looks.map(([name = '', ...argv]) =>
        sandbox.ok([name, ...argv, '--json', ...(at === undefined ? [] : ['--at', `${at}`])]),
      ),
    );
  const past: string[][] = [];
  const entries = async () => (await sandbox.json<{ log: { entries: number } }>(['info'])).log.entries;
  const directories = [''];
  for (let step = 0; step < STEPS; step++) {
    const name = `${random.pick(directories)}n${step}`;
    if (random.chance(0.3)) {
      await sandbox.ok(['mkdir', name]);
      directories.push(`${name}/`);
    } else
      await sandbox.ok([
        'creat',
        '-s',
        `${1 + random.below(6_000_000)}`,
        ...(random.chance(0.5) ? ['--stripes', '2'] : []),
        name,
      ]);
    past[await entries()] = await show();
  }
  const now = await entries();
  assert.equal(now, STEPS + 1);
  for (const [at, shown] of past.entries())
    if (shown !== undefined) assert.deepEqual(await show(at), shown, `--at ${at}`);
  // before the second daxdev joined
  const { daxdevs, files } = await sandbox.json<{ daxdevs: unknown[]; files: number }>(['df', '--at', '0']);
  assert.deepEqual([daxdevs.length, files], [1, 0]);
  assert.equal(await sandbox.ok(['ls', '--at', '1']), '');
  assert.equal((await sandbox.error(['ls', '--at', `${now + 1}`])).code, 'NO_SUCH_ENTRY');
  assert.equal((await sandbox.error(['stat', '--at', '1', 'n0'])).code, 'NO_ENTRY');
  assert.equal((await sandbox.error(['ls', '--at', '-1'])).exitCode, 2);

  const { operations } = await sandbox.json<{ operations: { slot: number }[] }>(['log', 'list', '--from', '3']);
  assert.deepEqual(
    operations.map(({ slot }) => slot),
    Array.from({ length: now - 3 }, (_, i) => i + 3),
  );
  assert.equal((await sandbox.ok(['log', 'list'])).split('\n').length, now + 2);
});
