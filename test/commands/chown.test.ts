import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MIB, Sandbox } from '../support/sandbox.js';

test('chown sets owner, group or both', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(64 * MIB);
  await sandbox.ok(['mkdir', '-u', '1', '-g', '1', 'd']);
  await sandbox.ok(['creat', '-u', '1', '-g', '1', '-s', '1M', 'd/a', 'b']);
  const owners = async () => {
    const entries = await sandbox.entries();
    return Object.fromEntries(entries.map(({ path, uid, gid }) => [path, `${uid}:${gid}`]));
  };
  const chown = (...argv: string[]) => sandbox.json<{ changed: unknown[] }>(['chown', '--clients-unmounted', ...argv]);
  await chown('7', 'b');
  assert.deepEqual(await owners(), { b: '7:1', d: '1:1', 'd/a': '1:1' });
  await chown(':9', 'b', 'd');
  assert.deepEqual(await owners(), { b: '7:9', d: '1:9', 'd/a': '1:1' });
  assert.equal((await chown('-R', 'root:70000', 'd')).changed.length, 2);
  assert.deepEqual(await owners(), { b: '7:9', d: '0:70000', 'd/a': '0:70000' });
  for (const owner of [':', '', 'no-such-user', ':no-such-group', '4294967295'])
    assert.equal((await sandbox.error(['chown', '--clients-unmounted', owner, 'b'])).code, 'USAGE', owner);
  assert.match(await sandbox.ok(['chown', '-n', '5:6', 'b']), /would make b 06\d\d 5:6/);
});
