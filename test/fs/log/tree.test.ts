/** The tree that ls and cp walk against the plain way: by the paths of all nodes. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { parentPath } from '../../../src/format/path.js';
import { makeRandom } from '../../../src/fs/allocate/random.js';
import type { Node } from '../../../src/fs/log/namespace.js';
import { Replay } from '../../../src/fs/log/replay.js';
import { byName } from '../../../src/fs/log/tree.js';

const UUID = '00000000-0000-4000-8000-000000000000';
const NODES = 2000;

test('each directory holds the nodes whose path says so, in log order', () => {
  const seed = randomInt(2 ** 31);
  const random = makeRandom(seed);
  const replay = new Replay({ uuid: UUID, size: 2 ** 40, reserved: 2 ** 24, unit: 0x200000 });
  const directories = [''];
  for (let slot = 0; slot < NODES; slot++) {
    const parent = directories[Math.floor(random() * directories.length)] as string;
    const path = parent === '' ? `n${slot}` : `${parent}/n${slot}`;
    if (path.length > 79) continue;
    const owner = { uid: 0, gid: 0, mode: 0o755 };
    assert.ok(replay.applyOwn(slot, { type: 'MKDIR', path, ...owner }), `seed ${seed}`);
    if (random() < 0.2) directories.push(path);
  }
  const nodes = [...replay.namespace.nodes()];
  const tree = replay.namespace.tree();
  const root = replay.namespace.get('');
  for (const directory of [...nodes, root]) {
    assert.ok(directory);
    const expected = nodes.filter(({ path }) => path !== '' && parentPath(path) === directory.path);
    assert.deepEqual(tree.childrenOf(directory), expected, `seed ${seed}, '${directory.path}'`);
  }
  assert.deepEqual(tree.childrenOf({ ...nodes[0]!, kind: 'file' }), []);
  // as ls -R has them: what is in a directory comes before its next sister
  const inOrder = (directory: Node): string[] => {
    const inside = tree.childrenOf(directory).filter(({ kind }) => kind === 'directory');
    return [directory.path, ...inside.sort(byName).flatMap(inOrder)];
  };
  assert.deepEqual(
    Array.from(tree.walk(root!, true), ({ directory }) => directory.path),
    inOrder(root!),
    `seed ${seed}`,
  );
});
