/** Scripts for the reference tools use these words (docs/from-the-reference.md). */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REFERENCE_WORDS, referenceTables } from '../../scripts/referenceWords.js';
import { fmapOf } from '../support/fmap.js';
import { ROOT } from '../support/root.js';
import { MIB, Sandbox, sandboxWithFs } from '../support/sandbox.js';

test('options of the reference mean the same here', async () => {
  const sandbox = await sandboxWithFs(128 * MIB);
  await sandbox.ok(['creat', '-t', '2', '-N', '2', '-C', '4M', '-S', '7', '-s', '16M', 'a']);
  await sandbox.ok(['creat', '--threadct', '1', '--nstrips', '2', '--chunksize', '2M', '-S', '7', '-M', 'b,8M']);
  assert.deepEqual(
    [(await fmapOf(sandbox, 'a')).chunkSize, (await fmapOf(sandbox, 'b')).chunkSize],
    [4 * MIB, 2 * MIB],
  );
  await sandbox.ok(['verify', '-t', '1', '-S', '7', '-f', 'a', '-f', 'b']);
  assert.equal((await sandbox.error(['verify', '-S', '8', '-f', 'a'])).exitCode, 1);
  assert.equal((await sandbox.error(['verify', '-S', '7'])).code, 'USAGE');
  assert.match(await sandbox.ok(['getmap', 'a']), /a/);
  const shadow = join(sandbox.folder, 'shadow');
  mkdirSync(shadow);
  await sandbox.ok(['logplay', '-c', '-S', shadow]);
  await sandbox.ok(['logplay', '-c', '-s', '-S', shadow]);
});

/** All that the command lines of docs/from-the-reference.md name. */
async function standForWords(): Promise<Sandbox> {
  const sandbox = new Sandbox();
  await sandbox.ok(['mkfs', sandbox.image('old.img', 16 * MIB)]);
  sandbox.image('blank.img', 16 * MIB);
  await sandbox.makeFs(256 * MIB);
  for (const name of ['tree', 'shadow', 'point', 'sysroot/proc/self'])
    mkdirSync(join(sandbox.folder, name), { recursive: true });
  writeFileSync(join(sandbox.folder, 'sysroot/proc/self/mountinfo'), '');
  for (const name of ['source', 'tree/f']) writeFileSync(join(sandbox.folder, name), 'abc');
  return sandbox;
}

test('each word of the page works here, or is refused with what to do instead', async () => {
  const sandbox = await standForWords();
  const words = Object.values(REFERENCE_WORDS).flat();
  assert.ok(words.length > 50, String(words.length));
  for (const { reference, works = [], refused = [] } of words) {
    assert.ok(works.length + refused.length > 0, `${reference}: nothing shows it`);
    for (const line of works) await sandbox.ok(line.split(' '));
    for (const [line, why] of refused) {
      const before = await sandbox.ok(['ls', '-R']);
      const { exitCode, stderr } = await sandbox.run(line.split(' '));
      assert.notEqual(exitCode, 0, line);
      assert.ok(stderr.includes(why), `${line}: ${stderr}`);
      assert.equal(await sandbox.ok(['ls', '-R']), before, line);
    }
  }
});

test('the page has the words that are tried', () => {
  const page = readFileSync(join(ROOT, 'docs/from-the-reference.md'), 'utf8');
  assert.equal(referenceTables(page), page, 'run: npm run docs');
});

test('--multi FILE,SEED of verify checks each file by its own seed', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '2M', '-S', '7', 'a,b']);
  await sandbox.ok(['creat', '-s', '2M', '-S', '8', 'c']);
  const { files } = await sandbox.json<{ files: { path: string }[] }>(['verify', '-m', 'a,b,7', '-m', '/c,0x8']);
  assert.deepEqual(
    files.map(({ path }) => path),
    ['a,b', 'c'],
  );
  const wrong = await sandbox.run(['verify', '-m', 'a,b,7', '-m', 'c,9']);
  assert.deepEqual([wrong.exitCode, /verified 1 file/.test(wrong.stdout)], [1, true]);
  for (const bad of ['c,', ',7', 'c,x', 'c,-1'])
    assert.equal((await sandbox.error(['verify', '-m', bad])).code, 'USAGE', bad);
  assert.equal((await sandbox.error(['verify', '-m', 'c,8', '-m', 'c,7'])).code, 'USAGE');
});

test('--dryrun may stand before the command, as in scripts for the reference', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  for (const word of ['--dryrun', '--dry-run', '-n'])
    assert.equal(await sandbox.ok([word, 'creat', '-s', '2M', 'a']), 'would make a\n');
  assert.equal(await sandbox.ok(['--dryrun', 'mkdir', 'b']), 'would make b\n');
  assert.equal(await sandbox.ok(['ls']), '');
  assert.equal((await sandbox.error(['--dryrun', 'ls'])).code, 'USAGE');
});

test('cp -m, -u and -g replace what the sources have, and -c compares', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  mkdirSync(join(sandbox.folder, 'tree'));
  writeFileSync(join(sandbox.folder, 'tree/f'), 'abc', { mode: 0o644 });
  await sandbox.ok(['cp', '-r', '-c', '-m', '666', '-u', '12', '-g', '13', 'tree', '/'], { umask: 0o066 });
  const rows = (await sandbox.entries()).map(({ path, mode, uid, gid }) => [path, mode, uid, gid]);
  assert.deepEqual(rows, [
    ['tree', '0755', 12, 13],
    ['tree/f', '0600', 12, 13],
  ]);
  const again = await sandbox.run(['cp', '-m', '640', '-u', '14', 'tree/f', 'tree/f']);
  assert.equal(again.exitCode, 0);
  assert.match(again.stderr, /tree\/f has mode 0600, not 0640/);
  assert.equal((await sandbox.error(['cp', '--out', '-m', '600', 'tree/f', '.'])).code, 'USAGE');
});
