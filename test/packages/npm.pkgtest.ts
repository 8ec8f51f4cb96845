/** The npm package: packed, installed without scripts or registry, and run by other users. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/root.js';
import { record, shortest } from './installs.js';
import { mainJob } from './mainJob.js';
import { folder, installed, openFolder, prefix, runner, tarball } from './npmPackage.js';
import { canMount } from './rights.js';

/** Some user without rights, and how root becomes it. */
const NOBODY = 65_534;
const asNobody = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', '--inh-caps=-all'];

test('what is packed has no script to run and nothing to compile', () => {
  const { scripts, dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  assert.deepEqual([scripts.preinstall, scripts.install, scripts.postinstall, dependencies], Array(4).fill(undefined));
  for (const name of ['binding.gyp', 'src', 'build', 'node_modules', 'dist/compile-cache'])
    assert.equal(existsSync(join(installed, name)), false, name);
  assert.match(
    readFileSync(join(installed, 'dist/THIRD-PARTY.txt'), 'utf8'),
    /^yargs \d.*^node-addon-api |^node-addon-api .*^yargs \d/ms,
  );
});

test('the types and docs/api are those of the sources', () => {
  const again = openFolder('types');
  execFileSync(process.execPath, [join(ROOT, 'scripts/apiDocs/write.mjs'), again], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const path of ['types/famfs.d.ts', 'docs/api/README.md'])
    assert.equal(
      readFileSync(join(ROOT, path), 'utf8'),
      readFileSync(join(again, path), 'utf8'),
      `${path}: run npm run docs`,
    );
});

test('the main job runs as it is installed', () => {
  mainJob(runner(), join(folder, 'job'));
  record({
    way: `npm package, Node.js ${process.version}`,
    size: statSync(tarball()).size,
    installed: Number(/^\d+/.exec(execFileSync('du', ['--bytes', '--summarize', prefix], { encoding: 'utf8' }))),
    version: shortest(() => runner()('famfs', ['--version'], {})),
    ls: shortest(() => runner()('famfs', ['ls', '--dev', join(folder, 'job', 'pool.img')], {})),
  });
});

test('another user runs it, and it is on a read-only file system', {
  skip: !canMount && 'needs root that may mount',
}, () => {
  assert.notEqual(spawnSync('touch', [join(installed, 'dist', 'x')]).status, 0);
  const work = openFolder('nobody');
  // the main job prepares its files as this user
  process.umask(0);
  mainJob((program, argv, env) => {
    for (const name of ['pool.img', 'in', 'out']) if (existsSync(join(work, name))) chmodSync(join(work, name), 0o666);
    return runner('setpriv', ...asNobody)(program, argv, env);
  }, work);
});

test('manual pages are where man looks', () => {
  for (const page of ['man1/famfs-creat.1', 'man8/fsck.famfs.8'])
    assert.match(readFileSync(join(prefix, 'share/man', page), 'utf8'), /\.Dt /);
});

test('a processor without a prebuilt addon gets a message that says what to do', () => {
  const copy = join(folder, 'copy');
  cpSync(installed, copy, { recursive: true });
  rmSync(join(copy, 'prebuilds', `linux-${process.arch}`), { recursive: true });
  const { status, stderr } = spawnSync(join(copy, 'dist/famfs.cjs'), ['ls', '--dev', tarball()], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /no native addon for linux-.*build famfs from source: npm ci in a clone/s);
});
