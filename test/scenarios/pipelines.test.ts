/** What docs/manifest.md and docs/pipelines.md show, done as they say: by a script, a unit of systemd and cloud-init. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { parse } from 'yaml';
import type { PlanDocument } from '../../src/commands/plan.js';
import { logHeaderStruct } from '../../src/format/logHeader.js';
import { SUPERBLOCK_REGION } from '../../src/format/superblock.js';
import { ended, FAMFS, GUARD, shellIn } from '../support/famfs.js';
import { PoolSandbox } from '../support/pool.js';
import { ROOT } from '../support/root.js';

const NEXT_INDEX = SUPERBLOCK_REGION + logHeaderStruct.offsets.nextIndex;

/** The first block of YAML on a page. */
function yamlOf(page: string): string {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  return /```yaml\n(.*?)```/s.exec(text)?.[1] ?? assert.fail(`${page} shows no YAML`);
}

/** Waits until so many entries of the log are there. */
async function waitForEntries(primary: string, count: number): Promise<void> {
  const end = Date.now() + 60_000;
  const bytes = Buffer.alloc(8);
  for (let fd: number | undefined; Date.now() < end; ) {
    if (fd === undefined && existsSync(primary)) fd = openSync(primary, 'r');
    if (fd !== undefined && readSync(fd, bytes, 0, 8, NEXT_INDEX) === 8 && bytes.readBigUInt64LE() >= count) return;
    await turn();
  }
  assert.fail('nothing was made');
}

test('the manifest of docs/manifest.md makes 24 daxdevs and 5,000 files, also if apply is killed', async () => {
  const sandbox = new PoolSandbox();
  writeFileSync(sandbox.path('pool.yaml'), yamlOf('manifest.md'));
  mkdirSync(sandbox.path('images'));
  const child = spawn(process.execPath, [FAMFS, 'apply', '-q', 'pool.yaml'], {
    cwd: sandbox.folder,
    env: { ...process.env, ...sandbox.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...GUARD,
  });
  const over = ended(child);
  await waitForEntries(sandbox.path('images/p00.img'), 100);
  child.kill('SIGKILL');
  await over;
  const { exitCode, stdout, stderr } = await shellIn(
    sandbox,
    `famfs() { '${process.execPath}' "$FAMFS" "$@"; }
    metadata() { head -qc 12M images/p00.img | sha256sum; }
    famfs apply -q --json pool.yaml > done.json || exit 11
    metadata > before
    famfs apply -q pool.yaml > again || exit 12
    famfs plan -q --json pool.yaml || exit 13
    metadata | cmp - before >&2 || exit 14`,
  );
  assert.equal(exitCode, 0, stderr);
  const { counts, items, pool } = JSON.parse(stdout) as PlanDocument;
  assert.deepEqual([pool?.daxdevs.length, items.filter(({ type }) => type === 'file').length], [24, 5000]);
  assert.deepEqual([counts.exists, counts.create, counts.conflict], [24 + 1 + 5000, 0, 0]);
});

test('the user data for cloud-init writes a manifest that is sound', async () => {
  const { write_files: files, runcmd } = parse(yamlOf('pipelines.md')) as {
    write_files: { path: string; content: string }[];
    runcmd: string[][];
  };
  const [file] = files;
  assert.deepEqual([file?.path, runcmd[0]?.at(-1)], ['/etc/famfs/pool.yaml', 'famfs-apply@pool']);
  const sandbox = new PoolSandbox();
  writeFileSync(sandbox.path('pool.yaml'), file?.content ?? '');
  const devices = ['p0.img', 'p1.img'].map((name) => sandbox.image(name, 32 * 1024 ** 3));
  const { exitCode, stdout } = await sandbox.run(['plan', ...devices.flatMap((dev) => ['--dev', dev]), 'pool.yaml']);
  assert.match(stdout, /103 to make, 0 as declared\n$/);
  assert.equal(exitCode, 2);
});

const noSystemd = spawnSync('systemd-analyze', ['--version']).status !== 0;

test('systemd finds nothing wrong with the units', { skip: noSystemd && 'there is no systemd-analyze' }, async () => {
  const sandbox = new PoolSandbox();
  const famfs = sandbox.path('famfs');
  copyFileSync('/bin/true', famfs);
  for (const unit of ['famfs-apply@.service', 'famfs-metrics@.service', 'famfs-metrics@.timer']) {
    const text = readFileSync(join(ROOT, 'contrib/systemd', unit), 'utf8');
    writeFileSync(sandbox.path(unit), text.replaceAll('/usr/bin/famfs', famfs));
  }
  const { exitCode, stderr } = await shellIn(
    sandbox,
    'systemd-analyze verify --man=no ./famfs-apply@x.service ./famfs-metrics@x.timer',
  );
  assert.deepEqual([exitCode, stderr], [0, '']);
});
