/** Paths by their bytes against a Map of strings. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { viewOf } from '../../../src/format/struct.js';
import { makeRandom } from '../../../src/fs/allocate/random.js';
import { PathIndex } from '../../../src/fs/log/pathIndex.js';

const PATHS = 5000;
const MOST = 80;

test('an index finds each path that was added, and no other, whatever its bytes and length', () => {
  const seed = randomInt(2 ** 31);
  const random = makeRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const index = new PathIndex();
  const known = new Map<string, number>();
  // what lies around a path must not count
  const data = Buffer.alloc(2 * MOST + 4);
  const view = viewOf(data);
  for (let i = 0; i < PATHS; i++) {
    const length = random() < 0.5 ? below(4) : below(MOST + 1);
    const values = below(2) === 0 ? 2 : 256;
    for (let at = 0; at < data.length; at++) data[at] = below(values);
    const from = below(MOST);
    const to = from + length;
    const key = data.toString('latin1', from, to);
    const row = known.get(key);
    assert.equal(index.find(view, from, to), row ?? -1, `seed ${seed}, path ${i}`);
    assert.equal(index.add(view, from, to), row === undefined ? known.size : -1, `seed ${seed}, path ${i}`);
    if (row === undefined) known.set(key, known.size);
    assert.equal(index.count, known.size);
  }
  for (const [key, row] of known) {
    data.write(key, 3, 'latin1');
    assert.equal(index.find(view, 3, 3 + key.length), row, `seed ${seed}`);
    assert.ok(index.is(row, view, 3, 3 + key.length));
  }
});

test('paths that differ in any one bit are different', () => {
  const index = new PathIndex();
  const data = Buffer.alloc(MOST + 4, 'directory/file');
  const view = viewOf(data);
  assert.equal(index.add(view, 0, MOST), 0);
  for (let bit = 0; bit < MOST * 8; bit++) {
    const byte = Math.floor(bit / 8);
    data[byte] = (data[byte] as number) ^ (1 << (bit % 8));
    assert.equal(index.find(view, 0, MOST), -1, `bit ${bit}`);
    data[byte] = (data[byte] as number) ^ (1 << (bit % 8));
  }
  for (let length = 0; length < MOST; length++) {
    assert.equal(index.find(view, 0, length), -1, `${length} bytes`);
    assert.ok(!index.is(0, view, 0, length), `${length} bytes`);
  }
});

test('the text of a row is its path', () => {
  const index = new PathIndex();
  const texts = ['a', 'd/ü', '\udcff', 'x'.repeat(MOST), 'ab'];
  const bytes = [['a'], ['d/ü'], [Buffer.of(0xff)], ['x'.repeat(MOST)], ['ab']];
  for (const [i, [path]] of bytes.entries()) {
    const data = Buffer.concat([Buffer.from(path as string), Buffer.alloc(4, 0x7a)]);
    assert.equal(index.add(viewOf(data), 0, data.length - 4), i);
  }
  assert.deepEqual(
    texts.map((_, row) => index.text(row)),
    texts,
  );
});
