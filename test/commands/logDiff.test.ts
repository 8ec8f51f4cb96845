import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MIB, Sandbox } from '../support/sandbox.js';

test('log diff shows what came between two points of the log', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['mkdir', 'd']);
  for (const name of ['d/a', 'd/b', 'c']) await sandbox.ok(['creat', '-s', '3M', name]);
  const diff = async (...argv: string[]) => {
    const { from, to, files, directories, daxdevs, fileBytes, operations } = await sandbox.json<
      {
        [key: string]: number;
      } & { operations: { slot: number; path: string }[] }
    >(['log', 'diff', ...argv]);
    return [
      from,
      to,
      files,
      directories,
      daxdevs,
      (fileBytes as number) / MIB,
      operations.map(({ path }) => path).join(),
    ];
  };
  assert.deepEqual(await diff('0', '2'), [0, 2, 1, 1, 0, 3, 'd,d/a']);
  assert.deepEqual(await diff('2'), [2, 4, 2, 0, 0, 6, 'd/b,c']);
  assert.deepEqual(await diff('4', '4'), [4, 4, 0, 0, 0, 0, '']);
  assert.match(
    await sandbox.ok(['log', 'diff', '3']),
    /c size 3145728 .*\n1 file, 0 directories, 0 daxdevs made, 3M in files\n/,
  );
  assert.equal((await sandbox.error(['log', 'diff', '3', '1'])).code, 'USAGE');
  assert.equal((await sandbox.error(['log', 'diff', 'x'])).code, 'USAGE');
  assert.equal((await sandbox.error(['log', 'diff', '1', '5'])).code, 'NO_SUCH_ENTRY');
});
