/** Only the daxdev that has left is cleared, whatever lies at its path by then. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Host } from '../../../src/fs/host/host.js';
import { clearMember } from '../../../src/fs/rewrite/clearMember.js';
import { PoolSandbox } from '../../support/pool.js';
import { firstBytes, MIB, OTHER_UUID } from '../../support/sandbox.js';

test('a daxdev with another uuid, of another file system, or in use by a mount is left alone', async () => {
  const box = new PoolSandbox();
  const [primary = '', path = ''] = await box.makePool(16, 16);
  const { fsUuid, daxdevs } = await box.list();
  const uuid = daxdevs[1]?.uuid as string;
  const before = firstBytes(path, 2 * MIB);
  const host: Host = { env: box.env, cwd: box.folder, warn: (code) => assert.fail(code) };
  const unchanged = () => assert.ok(firstBytes(path, 2 * MIB).equals(before));
  assert.throws(() => clearMember(host, path, { fsUuid: OTHER_UUID, uuid }), { code: 'NOT_A_MEMBER' });
  unchanged();
  assert.throws(() => clearMember(host, path, { fsUuid, uuid: OTHER_UUID }), { code: 'NOT_A_MEMBER' });
  unchanged();
  mkdirSync(box.path('sysroot/proc'), { recursive: true });
  writeFileSync(box.path('sysroot/proc/mounts'), `${primary} /mnt/pool famfs rw 0 0\n`);
  assert.throws(() => clearMember(host, path, { fsUuid, uuid }), { code: 'MOUNTED' });
  unchanged();
  writeFileSync(box.path('sysroot/proc/mounts'), '');
  clearMember(host, path, { fsUuid, uuid });
  assert.ok(firstBytes(path, 2 * MIB).every((byte) => byte === 0));
});
