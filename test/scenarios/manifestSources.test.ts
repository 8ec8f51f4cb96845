/** Sources of a manifest that are named by a pattern: which files it finds, and what it never does. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { isWild, Wildcard } from '../../src/commands/manifest/wildcard.js';
import type { PlanDocument } from '../../src/commands/plan.js';
import { makeRandom } from '../../src/fs/allocate/random.js';
import { type Sandbox, sandboxWithFs } from '../support/sandbox.js';

const FILES = [
  'w/b.bin',
  'w/a.bin',
  'w/a.txt',
  'w/.hidden.bin',
  'w/deep/c.bin',
  'w/deep/er/d.bin',
  'w/.dot/e.bin',
  'w/x[1].bin',
];

async function sandboxWithFiles(): Promise<Sandbox> {
  const sandbox = await sandboxWithFs();
  for (const file of FILES) {
    const path = join(sandbox.folder, 'm', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file);
  }
  return sandbox;
}

function declare(sandbox: Sandbox, item: string): string {
  writeFileSync(join(sandbox.folder, 'm/m.yaml'), `files:\n  - ${item}\n`);
  return 'm/m.yaml';
}

test('a pattern finds what a shell would, in byte order, relative to the manifest', async () => {
  const sandbox = await sandboxWithFiles();
  const finds = async (pattern: string, wanted: string[], path = 'd') => {
    const item = JSON.stringify({ path, sources: pattern });
    const { stdout, stderr } = await sandbox.run(['plan', '--json', declare(sandbox, item)]);
    assert.notEqual(stdout, '', `${pattern}: ${stderr}`);
    const files = (JSON.parse(stdout) as PlanDocument).items.filter(
      ({ action, type }) => action === 'create' && type === 'file',
    );
    assert.deepEqual(
      files.map((file) => file.path),
      wanted,
      pattern,
    );
  };
  await finds('w/*.bin', ['d/a.bin', 'd/b.bin', 'd/x[1].bin']);
  await finds('./w/?.b[h-j]n', ['d/a.bin', 'd/b.bin']);
  await finds('w/[!a].*', ['d/b.bin']);
  await finds('w/x\\[*', ['d/x[1].bin']);
  await finds('w/.*.bin', ['d/.hidden.bin']);
  await finds('w/*/*.bin', ['d/deep/c.bin']);
  await finds('w/deep/**', ['d/c.bin', 'd/er/d.bin']);
  await finds('*/**/*.bin', ['w/a.bin', 'w/b.bin', 'w/deep/c.bin', 'w/deep/er/d.bin', 'w/x[1].bin'], '/');
  await finds('w/**/er/**/d*', ['d/deep/er/d.bin']);
  await finds(`${sandbox.folder}/m/w/*.txt`, ['new/dir/a.txt'], 'new/dir/');
  await sandbox.ok(['apply', declare(sandbox, '{path: d, sources: w/**/*.bin, mode: 0600}')]);
  await sandbox.ok(['get', 'd/deep/er/d.bin', 'back']);
  assert.equal(readFileSync(join(sandbox.folder, 'back'), 'utf8'), 'w/deep/er/d.bin');
  assert.match(await sandbox.ok(['ls', '-l', 'd']), /-rw------- .* a\.bin/);
  assert.equal((await sandbox.run(['plan', 'm/m.yaml'])).exitCode, 0);
});

test('links are followed only where the manifest says so, and never in a circle', async () => {
  const sandbox = await sandboxWithFiles();
  const folder = join(sandbox.folder, 'm/links');
  mkdirSync(join(folder, 'in'), { recursive: true });
  writeFileSync(join(folder, 'file'), 'file');
  symlinkSync('../w/a.bin', join(folder, 'to-file'));
  symlinkSync('../../w/deep', join(folder, 'in/to-folder'));
  const plan = async (item: string) => {
    const { exitCode, stdout, stderr } = await sandbox.run(['plan', declare(sandbox, item)]);
    return `${exitCode} ${stdout}${stderr}`;
  };
  assert.match(
    await plan('{path: d, sources: links/*}'),
    /^1 .*m\.yaml:2:24: files\[0\]\.sources: .*to-file is a symbolic link/s,
  );
  assert.match(await plan('{path: d, sources: links/f*}'), /^2 .*\+ d\/file/s);
  assert.match(
    await plan('{path: d, sources: links/in/**/*.bin}'),
    /^1 .*to-folder is a symbolic link; dereference: true/s,
  );
  const followed = await plan('{path: d, sources: links/**, dereference: true}');
  assert.match(followed, /^2 .*d\/in\/to-folder\/er\/d\.bin 15\n.*d\/to-file 7\n/s);
  symlinkSync('..', join(folder, 'in/up'));
  assert.match(await plan('{path: d, sources: links/**, dereference: true}'), /^1 .*leads back to a folder above it/s);
});

test('a pattern that finds nothing, or cannot be used, is a mistake with its place', async () => {
  const sandbox = await sandboxWithFiles();
  writeFileSync(Buffer.concat([Buffer.from(join(sandbox.folder, 'm/w/')), Buffer.of(0xff)]), 'x');
  for (const [item, key, message] of [
    ['{path: d, sources: w/*.none}', 'sources', /matches no file/],
    ['{path: d, sources: w/a.bin}', 'sources', /has no wildcard/],
    ['{path: d, sources: none/*}', 'sources', /cannot read the folder .*ENOENT/],
    ['{path: d, sources: w/a.bin/*}', 'sources', /cannot read the folder .*ENOTDIR/],
    ['{path: d, sources: "w/*/../x"}', 'sources', /has '\.\.' after a wildcard/],
    ['{path: d, sources: "w/{a,b}*"}', 'sources', /has braces/],
    [`{path: d, sources: "${'*a'.repeat(500)}"}`, 'sources', /too long/],
    [`{path: d, sources: "${'*/'.repeat(100)}x"}`, 'sources', /too long/],
    ['{path: d, sources: ["*"]}', 'sources', /it must be text/],
    ['{path: d, sources: ""}', 'sources', /the text is empty/],
    ['{path: "d{0..1}", sources: "w/*.txt"}', 'path', /go into one directory/],
    ['{path: d, sources: "w/*.txt", size: 1}', 'size', /exclude each other/],
    ['{path: d, sources: "w/*.txt", seed: 1}', 'seed', /exclude each other/],
    [`{path: d, sources: "w/*.txt", sha256: ${'a'.repeat(64)}}`, 'sha256', /exclude each other/],
    ['{path: d, size: 1, dereference: true}', 'dereference', /it is for sources/],
    ['{path: d, sources: "w/*"}', 'sources', /not UTF-8/],
  ] as const) {
    const { exitCode, stderr } = await sandbox.run(['plan', '--json', declare(sandbox, item)]);
    assert.equal(exitCode, 1, item);
    const told = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).error);
    assert.deepEqual(
      told.map((error) => [error.code, error.key, error.line]),
      [['BAD_MANIFEST', `files[0].${key}`, 2]],
      `${item}: ${stderr}`,
    );
    assert.match(told[0].message, message, item);
    assert.ok(told[0].hint.length > 5, item);
  }
});

test('wildcards match as their regular expressions do, and hostile ones take no time', () => {
  const seed = Number(process.env.FAMFS_TEST_SEED ?? randomInt(2 ** 32));
  const random = makeRandom(seed);
  const draw = (from: string) => from[Math.floor(random() * from.length)] as string;
  for (let i = 0; i < 5000; i++) {
    const pattern = Array.from({ length: 1 + random() * 6 }, () => draw('ab**??.')).join('');
    const name = Array.from({ length: 1 + random() * 7 }, () => draw('aab.')).join('');
    const text = pattern.replaceAll('.', '\\.').replaceAll('?', '.').replaceAll('*', '.*');
    const expected = new RegExp(`^${text}$`).test(name) && (!name.startsWith('.') || pattern.startsWith('.'));
    assert.equal(new Wildcard(pattern).matches(name), expected, `seed ${seed}: ${pattern} ${name}`);
  }
  assert.deepEqual(['a\\*', 'a*', '[', '\\?'].map(isWild), [false, true, true, false]);
  // exponential in a regular expression that backtracks
  assert.equal(new Wildcard(`${'*a'.repeat(120)}b`).matches('a'.repeat(255)), false);
});
