import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MIB, Sandbox } from '../support/sandbox.js';

test('chmod sets modes, with -R of all that is in a directory', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['mkdir', '-m', '755', 'd']);
  await sandbox.ok(['creat', '-m', '644', '-s', '1M', 'd/a', 'b']);
  const modes = async () => {
    const entries = await sandbox.entries();
    return Object.fromEntries(entries.map(({ path, mode }) => [path, mode]));
  };
  const chmod = (...argv: string[]) => sandbox.json<{ changed: unknown[] }>(['chmod', '--clients-unmounted', ...argv]);
  const { changed } = await chmod('0600', 'b', 'd');
  assert.equal(changed.length, 2);
  assert.deepEqual(await modes(), { b: '0600', d: '0600', 'd/a': '0644' });
  assert.equal((await chmod('-R', '4711', '/')).changed.length, 3);
  assert.deepEqual(await modes(), { b: '4711', d: '4711', 'd/a': '4711' });
  assert.deepEqual((await chmod('4711', 'b')).changed, []);
  const refused = async (...argv: string[]) => (await sandbox.error(['chmod', '--clients-unmounted', ...argv])).code;
  assert.deepEqual(await Promise.all([refused('u+x', 'b'), refused('10000', 'b')]), ['USAGE', 'USAGE']);
  assert.match((await sandbox.error(['chmod', 'u+x', 'b'])).message, /^MODE: /);
  assert.equal(await refused('700', '/'), 'IS_ROOT');
  assert.match(await sandbox.ok(['chmod', '-n', '700', 'b']), /would make b 0700/);
});
