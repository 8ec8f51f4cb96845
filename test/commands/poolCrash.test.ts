/** A crash of mkfs or daxdev add at any point leaves no file system, or a sound one with fewer daxdevs. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { makeRandom } from '../../src/fs/random.js';
import { type FsckReport, PoolSandbox } from '../pool.js';
import { MIB } from '../sandbox.js';
import { crashPoints, record, replayOnto, survivors } from '../stores.js';

const SEED = Number(process.env.FAMFS_TEST_SEED ?? Math.floor(Math.random() * 2 ** 32));
/** what the file systems of a crash are judged by, beside being sound */
type Judge = (box: PoolSandbox, report: FsckReport, folder: string) => unknown;

/** Runs fsck, which may do no more than count an entry, on every image of a folder after every crash of `argv`, and has what it finds judged. */
async function crashEverywhere(box: PoolSandbox, paths: readonly string[], argv: readonly string[], judge: Judge) {
  const random = makeRandom(SEED);
  let turn = 0;
  const before = box.path('before');
  const after = box.path('after');
  mkdirSync(before);
  execFileSync('cp', ['--sparse=always', ...paths, before]);
  const operations = await record(() => box.ok(argv));
  const points = crashPoints(operations);
  assert.ok(points.length > 10, `only ${points.length} stores were seen`);
  for (const point of points) {
    // every second crash is one of the machine, too: not all that was stored got through
    for (const survives of turn++ % 2 === 0 ? [() => true] : [() => true, () => random() < 0.5]) {
      rmSync(after, { recursive: true, force: true });
      mkdirSync(after);
      execFileSync('cp', ['--sparse=always', ...paths.map((path) => `${before}/${basename(path)}`), after]);
      replayOnto(after, survivors(operations, point, survives));
      for (const path of paths) {
        const dev = `${after}/${basename(path)}`;
        // an entry that the header does not count yet is taken in by the next writer, and by this
        const { exitCode, stdout, stderr } = await box.run(['fsck', '-p', '--no-undo', '--json', '--dev', dev]);
        const where = `${basename(path)} after store ${point} of ${operations.length}, seed ${SEED}: ${stdout}${stderr}`;
        if (exitCode === 0 || exitCode === 1) {
          const report = JSON.parse(stdout) as FsckReport;
          const done = report.repairs.filter((repair) => repair.done);
          assert.ok(done.every(({ id }) => id === 'LOG_COUNT') && report.errors === 0, where);
          await judge(box, report, after);
        } else assert.match(stderr, /"code": ?"(NO_FAMFS|NO_PRIMARY)"/, where);
      }
    }
  }
}

test('mkfs over blank images', async () => {
  const box = new PoolSandbox();
  const paths = box.images(16, 18, 20);
  const sizes = new Set<number>();
  await crashEverywhere(box, paths, ['mkfs', '--stripes', '2', ...paths], async (_, report) => {
    sizes.add(report.daxdevs.length);
    // all secondaries were whole before the primary was: the pool can be completed
    const whole = await box.fsck('-y', '--no-undo', '--dev', report.daxdevs[0]?.path as string);
    assert.deepEqual([whole.errors, whole.warnings, whole.daxdevs.length], [0, 0, 3], `seed ${SEED}`);
  });
  assert.deepEqual([...sizes].sort(), [1, 2, 3]);
});

test('mkfs over an older pool whose primary becomes a secondary', async () => {
  const box = new PoolSandbox();
  const paths = box.images(24, 24, 24);
  const [a = '', b = '', c = ''] = paths;
  await box.ok(['mkfs', b, c, a]);
  await box.ok(['creat', '--dev', b, '-s', '8M', '--stripes', '3', 'old']);
  const { fsUuid } = await box.list('--dev', b);
  const seen = new Set<string>();
  await crashEverywhere(box, paths, ['mkfs', '--force', ...paths], async (_, report, folder) => {
    const { daxdevs, ...list } = await box.list('--dev', `${folder}/${basename(a)}`);
    const isOld = list.fsUuid === fsUuid;
    seen.add(`${isOld ? 'old' : 'new'} ${daxdevs.length}`);
    assert.ok(daxdevs.every(({ state }) => state === 'present'));
    if (isOld) assert.equal(report.daxdevs[0]?.path, `${folder}/${basename(b)}`);
  });
  assert.deepEqual([...seen].sort(), ['new 1', 'new 2', 'new 3', 'old 3']);
});

test('daxdev add, and what is left can be added again', async () => {
  const box = new PoolSandbox();
  const primary = box.image('p0.img', 24 * MIB);
  const [x, y] = [box.image('x.img', 16 * MIB), box.image('y.img', 16 * MIB)];
  await box.ok(['mkfs', primary]);
  await box.ok(['creat', '--dev', primary, '-s', '2M', 'kept']);
  // what another tool left: it must not come through
  await box.ok(['mkfs', x]);
  const sizes = new Set<number>();
  await crashEverywhere(
    box,
    [primary, x, y],
    ['daxdev', 'add', '--force', '--dev', primary, x, y],
    async (_, report, folder) => {
      const dev = report.daxdevs[0]?.path as string;
      if (basename(dev) !== 'p0.img') return;
      sizes.add(report.daxdevs.length ?? 0);
      assert.equal(await box.ok(['ls', '--dev', dev]), 'kept\n');
      const missing = ['x.img', 'y.img'].map((name) => `${folder}/${name}`);
      const members = new Set(report.daxdevs.map(({ path }) => path));
      const left = missing.filter((path) => !members.has(path));
      if (left.length === 0) return;
      await box.ok(['daxdev', 'add', '--force', '--dev', dev, ...left]);
      const { exitCode, daxdevs, warnings } = await box.fsck('--dev', dev);
      assert.deepEqual([exitCode, warnings, daxdevs.length], [0, 0, 3], `seed ${SEED}`);
    },
  );
  assert.deepEqual([...sizes].sort(), [1, 2, 3]);
});
