/** Many new files at once: what is made, what is passed over, and where a batch ends. */
import assert from 'node:assert/strict';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type NewFileColumns, type NewFileResults, NewFiles } from '../../src/native/newFiles.js';
import { makeFolder } from './scratch.js';

interface File {
  readonly folder: number;
  readonly name: string;
  readonly text: string;
}

function columnsOf(folders: readonly number[], files: readonly File[]): NewFileColumns {
  let end = 0;
  return {
    folders: Int32Array.from(folders),
    folderOf: Uint32Array.from(files, ({ folder }) => folder),
    names: Buffer.from(files.map(({ name }) => `${name}\0`).join('')),
    texts: Buffer.from(files.map(({ text }) => text).join('')),
    ends: Uint32Array.from(files, ({ text }) => (end += text.length)),
  };
}

function openFolders(t: TestContext, count: number): { path: string; fds: number[] } {
  const path = makeFolder(t);
  const fds = Array.from({ length: count }, (_, i) => {
    mkdirSync(join(path, `${i}`));
    return openSync(join(path, `${i}`), 'r');
  });
  return { path, fds };
}

/** The files are made while their folders are closed here. */
function make(fds: readonly number[], files: readonly File[], mode = 0o640): NewFileResults {
  const all = new NewFiles(mode);
  all.begin(columnsOf(fds, files));
  for (const fd of fds) closeSync(fd);
  return all.wait();
}

// few are made by the caller, many by a thread
for (const count of [3, 3000])
  test(`${count} files are made in their folders, with their texts and the mode`, (t) => {
    const { path, fds } = openFolders(t, 3);
    const files = Array.from({ length: count }, (_, i) => ({
      folder: i % 3,
      name: `file${i}`,
      text: 'x'.repeat(i % 100),
    }));
    assert.deepEqual(make(fds, files), { taken: [] });
    for (const { folder, name, text } of files) assert.equal(readFileSync(join(path, `${folder}`, name), 'utf8'), text);
    assert.equal(statSync(join(path, '1', 'file1')).mode & 0o7777, 0o640 & ~process.umask());
    assert.equal(readdirSync(join(path, '0')).length, count / 3);
  });

for (const count of [4, 100])
  test(`names that are taken stay as they are, and links are not followed: ${count} files`, (t) => {
    const { path, fds } = openFolders(t, 1);
    writeFileSync(join(path, '0', 'file1'), 'mine');
    symlinkSync(join(path, 'elsewhere'), join(path, '0', 'file3'));
    const files = Array.from({ length: count }, (_, i) => ({ folder: 0, name: `file${i}`, text: `text ${i}` }));
    assert.deepEqual(make(fds, files), { taken: [1, 3] });
    assert.equal(readFileSync(join(path, '0', 'file1'), 'utf8'), 'mine');
    assert.equal(readFileSync(join(path, '0', 'file2'), 'utf8'), 'text 2');
    assert.equal(readlinkSync(join(path, '0', 'file3')), join(path, 'elsewhere'));
    assert.deepEqual(readdirSync(path), ['0']);
  });

test('a batch ends at the first file that cannot be made', (t) => {
  const { path, fds } = openFolders(t, 1);
  writeFileSync(join(path, '0', 'a'), '');
  const names = ['a', 'b', 'n'.repeat(256), 'c'];
  const { taken, failure } = make(
    fds,
    names.map((name) => ({ folder: 0, name, text: 'x' })),
  );
  assert.deepEqual(taken, [0]);
  assert.equal(failure?.file, 2);
  assert.equal(failure.error.code, 'ENAMETOOLONG');
  assert.equal(failure.error.syscall, 'open');
  assert.deepEqual(readdirSync(join(path, '0')), ['a', 'b']);
});

test('columns that do not fit each other are refused, and so is a name that leads elsewhere', (t) => {
  const { path, fds } = openFolders(t, 1);
  const good = columnsOf(fds, [{ folder: 0, name: 'a', text: 'x' }]);
  const bad: Partial<NewFileColumns>[] = [
    { folderOf: Uint32Array.of(1) },
    { folderOf: Uint32Array.of(0, 0) },
    { names: Buffer.from('../a\0') },
    { names: Buffer.from('a') },
    { names: Buffer.from('a\0b\0') },
    { ends: Uint32Array.of(2) },
    { ends: Uint32Array.of() },
    { folders: Int32Array.of() },
    { folders: Int32Array.of(-1) },
  ];
  const files = new NewFiles(0o644);
  for (const part of bad) assert.throws(() => files.begin({ ...good, ...part }), JSON.stringify(part));
  assert.deepEqual(files.wait(), { taken: [] });
  assert.deepEqual(readdirSync(join(path, '0')), []);
  for (const fd of fds) closeSync(fd);
});
