import assert from 'node:assert/strict';
import { chmodSync, lstatSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listFolder, type NameTable, statNames } from '../../src/native/folder.js';
import { makeFolder } from './scratch.js';

const NOTHING = 2;

const END = Buffer.alloc(1);

function factsOf(table: NameTable, i: number): Record<string, number> {
  return {
    mode: table.mode(i),
    uid: table.uid(i),
    gid: table.gid(i),
    size: table.size(i),
    blocks: table.blocks(i),
    dev: table.dev(i),
    ino: table.ino(i),
    mtimeMs: table.mtimeMs(i),
  };
}

test('names come in the order of their bytes, with what stat says of each', (t) => {
  const folder = makeFolder(t);
  const path = Buffer.from(folder);
  const inside = (name: Buffer) => Buffer.concat([path, Buffer.from('/'), name]);
  const names = [
    Buffer.of(0x20),
    Buffer.from('B'),
    Buffer.from('a'),
    Buffer.from('ab'),
    Buffer.from('é'),
    Buffer.of(0xff),
  ];
  for (const [i, name] of names.toReversed().entries()) writeFileSync(inside(name), 'x'.repeat(5000 * i));
  chmodSync(inside(Buffer.from('a')), 0o751);
  const listed = listFolder(path);
  assert.ok(listed.equals(Buffer.concat(names.flatMap((name) => [name, Buffer.of(0)]))));
  const table = statNames(path, listed, false);
  for (const [i, name] of names.entries()) {
    const { mode, uid, gid, size, blocks, dev, ino, mtimeMs } = lstatSync(inside(name));
    assert.equal(table.errno(i), 0);
    assert.ok(listed.subarray(table.nameEnd(i) - name.length, table.nameEnd(i) + 1).equals(Buffer.concat([name, END])));
    assert.deepEqual(factsOf(table, i), { mode, uid, gid, size, blocks, dev, ino, mtimeMs });
  }
});

test('a link and what it leads to differ, and what leads nowhere has an errno', (t) => {
  const folder = makeFolder(t);
  mkdirSync(join(folder, 'a'));
  symlinkSync('a', join(folder, 'b'));
  symlinkSync('nowhere', join(folder, 'c'));
  const path = Buffer.from(folder);
  const names = listFolder(path);
  const own = statNames(path, names, false);
  assert.deepEqual(
    [0, 1, 2].map((i) => own.ino(i)),
    ['a', 'b', 'c'].map((name) => lstatSync(join(folder, name)).ino),
  );
  const led = statNames(path, names, true);
  assert.deepEqual([led.ino(0), led.ino(1)], [own.ino(0), statSync(join(folder, 'b')).ino]);
  assert.deepEqual(
    [0, 1, 2].map((i) => led.errno(i)),
    [0, 0, NOTHING],
  );
  assert.throws(() => listFolder(Buffer.from(join(folder, 'nowhere'))), { code: 'ENOENT' });
  assert.equal(listFolder(Buffer.from(join(folder, 'a'))).length, 0);
});
