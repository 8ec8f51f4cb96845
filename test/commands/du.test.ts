import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PoolSandbox } from '../support/pool.js';
import { MIB } from '../support/sandbox.js';

interface Use {
  readonly path: string;
  readonly type: string;
  readonly allocated: number;
  readonly size: number;
  readonly files: number;
  readonly directories: number;
}

test('du adds up what is in each directory and below it', async () => {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(64, 64);
  await sandbox.ok(['mkdir', '-p', 'a/b/c', 'a/a', 'empty']);
  for (const [path, size, stripes] of [
    ['a/b/c/f', '1', '0'],
    ['a/b/g', '5M', '2'],
    ['a/h', '3M', '0'],
    ['top', '2M', '0'],
  ] as const)
    await sandbox.ok(['creat', '-s', size, ...(stripes === '0' ? ['--simple'] : ['--stripes', stripes]), path]);
  const du = async (...argv: string[]) =>
    (await sandbox.json<{ entries: Use[] }>(['du', ...argv])).entries.map(
      ({ path, type, allocated, size, files, directories }) =>
        `${path} ${type} ${allocated / MIB} ${size} ${files} ${directories}`,
    );
  const inA = [
    'a/a directory 0 0 0 0',
    'a/b/c directory 2 1 1 0',
    `a/b directory 10 ${5 * MIB + 1} 2 1`,
    `a directory 14 ${8 * MIB + 1} 3 3`,
  ];
  assert.deepEqual(await du('a'), inA);
  const root = ` directory 16 ${10 * MIB + 1} 4 5`;
  assert.deepEqual(await du(), [...inA, 'empty directory 0 0 0 0', root]);
  assert.deepEqual(await du('-s', '/', 'a/b', 'top'), [root, inA[2], `top file 2 ${2 * MIB} 1 0`]);
  // as df counts
  const { used } = await sandbox.json<{ used: number }>(['df']);
  assert.equal(used, 16 * MIB);
  assert.match(await sandbox.ok(['du', '-h', 'a/b']), /^ +2M +1 +1 +\/a\/b\/c\n +10M +5M +2 +\/a\/b\n/m);
  // before the last two files
  const { entries } = await sandbox.json<{ operations: unknown[]; entries: number }>(['log', 'list']);
  assert.deepEqual(await du('-s', '--at', String(entries - 2)), [` directory 10 ${5 * MIB + 1} 2 5`]);
  for (const argv of [['nothing'], ['top/']])
    assert.match((await sandbox.error(['du', ...argv])).code, /NO_ENTRY|NOT_A_DIRECTORY/);
});
