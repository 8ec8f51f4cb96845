/** Every refusal of docs/fuse.md, on the Master and on a Client; nothing has changed afterwards. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { INIT } from '../../support/fuseWire.js';
import { ROOT } from '../../support/root.js';
import { Sandbox } from '../../support/sandbox.js';
import { create, type ServedStand, serveSandbox } from '../../support/servedStand.js';
import { USUAL_OFFER } from '../../support/testKernel.js';
import { type Nodes, REFUSALS, refusalTable } from './refusals.js';

const sandbox = new Sandbox();
await sandbox.makeFs();
await sandbox.ok(['mkdir', 'd']);
await sandbox.ok(['creat', '-s', '3000000', 'd/file', '--seed', '1']);

async function nodesOf({ kernel }: ServedStand): Promise<Omit<Nodes, 'staged'>> {
  // without the offer to do without OPEN, so that each row is asked
  await kernel.init(USUAL_OFFER.filter((bit) => bit !== INIT.NO_OPEN_SUPPORT));
  const node = async (path: string) => (await kernel.walk(path)).node;
  return {
    file: await node('d/file'),
    directory: await node('d'),
    meta: await node('.meta'),
    log: await node('.meta/.log'),
  };
}

const master = serveSandbox(sandbox);
const seen = await nodesOf(master);
const staged = await create(master.kernel, 1, 'staged');
await master.kernel.write(staged, 0, Buffer.alloc(10));
sandbox.becomeHost('99999999-2222-4333-8444-555555555555');
const client = serveSandbox(sandbox);
await nodesOf(client);
const nodes: Nodes = { ...seen, staged };

for (const { call, on, errno, client: onClient = errno, ask } of REFUSALS) {
  test(`${call} ${on}: ${errno}, on a Client ${onClient}`, async () => {
    assert.equal(nameOf(await ask(master.kernel, nodes)), errno);
    assert.equal(nameOf(await ask(client.kernel, { ...nodes, staged: 0 })), onClient);
  });
}

test('after all that, everything is as it was', async () => {
  assert.deepEqual(master.log, []);
  assert.equal((await master.kernel.walk('staged')).size, 10);
  const entries = await sandbox.entries();
  assert.deepEqual(
    entries.map(({ path, mode }) => [path, mode]),
    [
      ['d', '0755'],
      ['d/file', '0644'],
    ],
  );
  assert.equal((await sandbox.run(['verify', '--seed', '1', 'd/file'])).exitCode, 0);
});

test('docs/fuse.md shows these refusals', () => {
  assert.ok(readFileSync(join(ROOT, 'docs/fuse.md'), 'utf8').includes(refusalTable()), refusalTable());
});

function nameOf(errno: number): string {
  if (errno === constants.errno.EOPNOTSUPP) return 'EOPNOTSUPP';
  return Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? String(errno);
}
