import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interrupted } from '../../src/ui/errors.js';
import { PoolSandbox } from '../support/pool.js';
import { Random } from '../support/random.js';
import { MIB, Sandbox } from '../support/sandbox.js';

interface Plan {
  readonly daxdevs: number;
  readonly mostDaxdevs: number;
  readonly files: number;
  readonly log: {
    readonly length: number;
    readonly slots: number;
    readonly needed: number;
    readonly lengthNeeded: number;
  };
  readonly runs: readonly {
    readonly seed: number;
    readonly placed: number;
    readonly bytes: number;
    readonly capacity: number;
    readonly refused: { readonly file: number; readonly size: number; readonly code: string } | null;
    readonly curve: readonly { readonly files: number; readonly bytes: number }[];
    readonly daxdevs: readonly {
      readonly capacity: number;
      readonly bytes: number;
      readonly extents: number;
      readonly files: number;
      readonly fileBytes: number;
    }[];
  }[];
}

interface Balance {
  readonly daxdevs: readonly {
    readonly capacity: number;
    readonly used: number;
    readonly extents: number;
    readonly files: number;
    readonly fileBytes: number;
  }[];
}

test('a prediction equals a run on image files', async (t) => {
  const random = new Random(t);
  for (let round = 0; round < 4; round++) {
    const sandbox = new PoolSandbox();
    const rooms = Array.from({ length: random.within(1, 5) }, () => random.within(40, 200));
    await sandbox.makePool(...rooms);
    const sizes = Array.from({ length: 40 }, () => random.within(1, 2 ** random.within(1, 6) * MIB));
    const shape = random.chance(0.7) ? ['--stripes', String(random.within(1, 16))] : ['--simple'];
    const policy = random.pick(['random', 'random', 'spread', 'fill']);
    const layout = [...shape, '--policy', policy];
    const seed = policy === 'random' ? ['--alloc-seed', String(random.below(1000))] : [];
    const plan = await sandbox.json<Plan>([
      'plan-capacity',
      ...rooms.map((room) => `${room}M`),
      ...sizes.flatMap((size) => ['--files', `1x${size}`]),
      ...layout,
      ...seed,
      '--runs',
      '1',
    ]);
    const [run] = plan.runs;
    assert.ok(run !== undefined);
    const multi = (count: number) =>
      sizes
        .slice(0, count)
        .flatMap((size, i) => ['--multi', `f${i},${size}`, ...(i === 0 ? [...layout, ...seed] : [])]);
    if (run.refused !== null) {
      assert.deepEqual(run.refused, { file: run.placed, size: sizes[run.placed], code: 'NO_SPACE' });
      const refused = await sandbox.error(['creat', ...multi(run.placed + 1)]);
      assert.equal(refused.code, 'NO_SPACE');
      assert.match(refused.message, new RegExp(`no room for f${run.placed},`));
    } else assert.equal(run.placed, sizes.length);
    if (run.placed > 0) await sandbox.ok(['creat', ...multi(run.placed)]);
    const { daxdevs } = await sandbox.json<Balance>(['balance', '--runs', '1']);
    assert.deepEqual(
      run.daxdevs,
      daxdevs.map(({ capacity, used, extents, files, fileBytes }) => ({
        capacity,
        files,
        fileBytes,
        extents,
        bytes: used,
      })),
    );
  }
});

test('plan-capacity says how long the log must be, and stops where it is full', async () => {
  const sandbox = new Sandbox();
  const { log, runs } = await sandbox.json<Plan>([
    'plan-capacity',
    '3x64G',
    '--files',
    '20000x1M',
    '--policy',
    'spread',
  ]);
  assert.deepEqual(log, { length: 8 * MIB, slots: 15420, needed: 20002, lengthNeeded: 16 * MIB });
  // two entries are those of the secondaries
  assert.deepEqual(runs[0]?.refused, { file: 15418, size: MIB, code: 'LOG_FULL' });
  const longer = await sandbox.json<Plan>([
    'plan-capacity',
    '3x64G',
    '--files',
    '20000x1M',
    '--policy',
    'fill',
    '--loglen',
    '16M',
  ]);
  assert.equal(longer.runs[0]?.refused, null);
  const curve = longer.runs[0]?.curve ?? [];
  assert.deepEqual(curve.at(-1)?.files, 20000);
  assert.equal(curve.at(-1)?.bytes, 20000 * 2 * MIB);
  assert.ok(curve.length > 10 && curve.every(({ files }, i) => i === 0 || files > (curve[i - 1]?.files ?? 0)));
});

test('plan-capacity draws sizes between bounds, and tries several seeds with the same ones', async () => {
  const sandbox = new Sandbox();
  const { runs } = await sandbox.json<Plan>([
    'plan-capacity',
    '24x16G',
    '--files',
    '500x1M-64M',
    '--files',
    '3x1G',
    '--stripes',
    '16',
  ]);
  assert.deepEqual(
    runs.map(({ seed, placed }) => [seed, placed]),
    [0, 1, 2, 3, 4].map((seed) => [seed, 503]),
  );
  assert.equal(new Set(runs.map(({ bytes }) => bytes)).size, 1);
  assert.equal(new Set(runs.map(({ daxdevs }) => JSON.stringify(daxdevs))).size, 5);
});

test('plan-capacity plans for more daxdevs than a pool can have, and says so', async () => {
  const sandbox = new Sandbox();
  const text = await sandbox.ok(['plan-capacity', '2000x1G', '--files', '300x2G', '--stripes', '16', '--runs', '1']);
  assert.match(text, /^2000 daxdevs with room for 1.9T, 300 files, policy random\n/);
  assert.match(text, /a pool has at most 64 daxdevs: this takes 32 pools\n$/);
  const small = await sandbox.ok(['plan-capacity', '64M', '--files', '10x20M', '--policy', 'fill']);
  assert.match(small, / {2}NO_SPACE at file 2 of 20M\n/);
});

test('plan-capacity refuses what it cannot read, and what would take hours', async () => {
  const sandbox = new Sandbox();
  const wrong = [
    ['1G'],
    ['1G', '--files', '0x1M'],
    ['1G', '--files', '5x'],
    ['1G', '--files', '5x2M-1M'],
    ['1G-2G', '--files', '1x1M'],
    ['0x1G', '--files', '1x1M'],
    ['99999x1G', '--files', '1x1M'],
    ['1G', '--files', '999999999x1M'],
    ['1G', '--files', '1x1M', '--loglen', '9M'],
    ['1G', '--files', '1x1M', '--policy', 'fill', '--runs', '2'],
  ];
  for (const argv of wrong)
    assert.equal((await sandbox.error(['plan-capacity', ...argv])).code, 'USAGE', argv.join(' '));
  const idle = await sandbox.error(['plan-capacity', '1G', '--files', '1x1M', '--chunk', '4M']);
  assert.equal(idle.code, 'BAD_LAYOUT');
});

test('a signal ends a plan of many files', async () => {
  const controller = new AbortController();
  const overrides = { signal: controller.signal };
  const running = new Sandbox().run(['plan-capacity', '3x64G', '--files', '15000x1M'], overrides);
  setImmediate(() => controller.abort(new Interrupted('SIGINT')));
  const { exitCode, stdout } = await running;
  assert.deepEqual([exitCode, stdout], [130, '']);
});
