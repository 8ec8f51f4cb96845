/** Long reads of images through a mount, which the server answers with pages of the images: right bytes, or an error, never others. */
import assert from 'node:assert/strict';
import { closeSync, openSync, readSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAMFS } from '../../support/famfs.js';
import { PoolSandbox } from '../../support/pool.js';
import { Random } from '../../support/random.js';
import { makeMountPoint, mount, needsFuse, runBytes, unmount } from '../../support/realMount.js';

const MIB = 2 ** 20;
const SIZE = 8 * MIB + 12_345;
const ROUNDS = 300;

test('reads of any offset and length come whole, also after one that met lost memory', needsFuse(), async (t) => {
  const random = new Random(t);
  const box = new PoolSandbox();
  const paths = box.images(64, 64);
  await box.ok(['mkfs', '--quiet', ...paths]);
  box.env.FAMFS_DEV = paths[0] as string;
  await box.ok(['creat', '-s', `${SIZE}`, '--daxdevs', '0', '--seed', '1', 'plain']);
  await box.ok(['creat', '-s', `${SIZE}`, '--stripes', '2', '--chunk', '2M', '--seed', '2', 'striped']);
  await box.ok(['creat', '-s', `${SIZE}`, '--daxdevs', '1', '--seed', '3', 'lost']);
  const bytes = new Map(['plain', 'striped', 'lost'].map((name) => [name, runBytes(box, FAMFS, ['cat', name])]));
  const point = makeMountPoint(box);
  // one thread, so that a read after a failed one comes from the same pipe
  mount(box, point, '--cache', 'none', '--threads', '1');
  const fds = new Map([...bytes.keys()].map((name) => [name, openSync(join(point, name), 'r')]));
  const read = (name: string, offset: number, length: number) => {
    const target = Buffer.alloc(length);
    return target.subarray(0, readSync(fds.get(name) as number, target, 0, length, offset));
  };
  const check = (name: string, offset: number, length: number) => {
    const expected = bytes.get(name)?.subarray(offset, offset + length);
    assert.ok(read(name, offset, length).equals(expected as Buffer), `${length} bytes of ${name} at ${offset}`);
  };
  for (let round = 0; round < ROUNDS; round++) {
    const unit = random.pick([1, 4096]);
    check(random.pick([...bytes.keys()]), unit * random.below(SIZE / unit), unit * random.within(1, (2 * MIB) / unit));
  }
  // the second daxdev ends in the middle of the last file
  const map = await box.json<{ files: { extents: { deviceOffset: number }[] }[] }>(['showfmap', 'lost']);
  const start = map.files[0]?.extents[0]?.deviceOffset as number;
  const { size } = statSync(paths[1] as string);
  truncateSync(paths[1] as string, start + 4 * MIB);
  for (let round = 0; round < 20; round++) {
    assert.throws(() => read('lost', 4 * MIB - random.pick([0, 4096, 500_000]), MIB), { code: 'EIO' });
    check('lost', random.below(3 * MIB), random.within(1, MIB));
    check('striped', random.below(SIZE), random.within(1, 2 * MIB));
  }
  truncateSync(paths[1] as string, size);
  for (const fd of fds.values()) closeSync(fd);
  unmount(box, point);
});
