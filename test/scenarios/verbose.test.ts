/** --verbose, --quiet and --progress: what they write, and where. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { StepLine } from '../../src/commands/options/steps.js';
import type { ProgressLine } from '../../src/ui/progress.js';
import { MIB, type Sandbox, sandboxWithFs } from '../support/sandbox.js';

type Line = Partial<StepLine & ProgressLine>;

/** The objects that a command line writes to standard error, which must be nothing else. */
async function linesOf(sandbox: Sandbox, line: string): Promise<Line[]> {
  const { stderr } = await sandbox.run(['--json', ...line.split(' ')]);
  return stderr === ''
    ? []
    : stderr
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text) as Line);
}

const stepsOf = (lines: readonly Line[]) => lines.flatMap(({ step }) => step ?? []);

test('--verbose names what was mapped, locked, replayed, moved, unmapped and written back, in this order', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  const pool = sandbox.env.FAMFS_DEV as string;
  await sandbox.ok(['creat', '-s', '2M', 'old']);
  const steps = stepsOf(await linesOf(sandbox, 'creat -v -s 4M --seed 1 --threads 1 new'));
  const mapped = steps.findLastIndex(({ name }) => name === 'mapped');
  assert.deepEqual(
    steps.slice(mapped).map(({ name }) => name),
    ['mapped', 'locked', 'replayed', 'moved', 'unmapped', 'ended'],
  );
  const [opened, locked, replayed, moved, closed, ended] = steps.slice(mapped);
  assert.ok(opened?.name === 'mapped' && opened.path === pool && opened.writable && opened.size === 64 * MIB);
  assert.ok(locked?.name === 'locked' && locked.path === pool && locked.seconds >= 0);
  assert.ok(replayed?.name === 'replayed' && replayed.entries === 1 && replayed.skipped === 0);
  assert.ok(moved?.name === 'moved' && moved.work === 'filling' && moved.size === 4 * MIB && moved.threads === 1);
  assert.ok(closed?.name === 'unmapped' && closed.path === pool && closed.resident !== null && closed.huge !== null);
  assert.ok(ended?.name === 'ended' && ended.stored >= 4 * MIB + 500 && ended.writtenBack >= 64);
  assert.ok(ended.fences >= 2 && ended.seconds >= moved.seconds);
});

test('--verbose is text for people, and names the files of configuration', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  sandbox.env.FAMFS_CONFIG = join(sandbox.folder, 'own.conf');
  writeFileSync(sandbox.env.FAMFS_CONFIG, '[interleave]\nstripes = 2\nchunk = 2M\n');
  const { stdout, stderr } = await sandbox.run(['mkdir', '-v', 'a']);
  assert.equal(stdout, '');
  const lines = stderr.trimEnd().split('\n');
  assert.ok(
    lines.every((line) => line.startsWith('famfs mkdir: ')),
    stderr,
  );
  assert.match(stderr, /: read \S+own\.conf: 2 settings$/m);
  assert.match(stderr, /: mapped \S+pool\.img for reading and writing: 64M in pages of 4K, in [\d.]+ ms$/m);
  assert.match(stderr, /: replayed the log of \S+pool\.img: 0 entries, 0 skipped, in [\d.]+ ms$/m);
  assert.match(lines.at(-1) ?? '', /: stored \d+ bytes, wrote back \d+ bytes and dropped .* in all$/);
  // an error does not hide the steps before it, and comes last
  const failed = (await sandbox.run(['-v', 'mkdir', 'a'])).stderr.trimEnd().split('\n');
  assert.match(failed.at(-1) ?? '', /a exists/);
  assert.match(failed.at(-2) ?? '', / in all$/);
});

test('without --verbose nothing is said; --quiet excludes it, and beats warnings only', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  assert.deepEqual(await linesOf(sandbox, 'mkdir a'), []);
  assert.equal((await sandbox.run(['ls', '-v', '--no-verbose'])).stderr, '');
  assert.equal((await sandbox.error(['ls', '-q', '-v'])).code, 'USAGE');
  assert.equal((await sandbox.error(['ls', '-q', '--progress', 'auto'])).code, 'USAGE');
  assert.equal((await sandbox.error(['ls', '--progress', 'bar'])).code, 'USAGE');
  assert.equal(await sandbox.ok(['ls', '-q']), 'a/\n');
  assert.match((await sandbox.run(['ls', '-q', 'none'])).stderr, /none/);
  // what is configured gives way to what is given
  sandbox.env.FAMFS_QUIET = 'true';
  assert.match((await sandbox.run(['ls', '-v'])).stderr, / in all$/m);
});

test('--progress=json is written by every command that moves data or checks, beside --json', async () => {
  const sandbox = await sandboxWithFs(128 * MIB);
  const source = join(sandbox.folder, 'source');
  writeFileSync(source, Buffer.alloc(3 * MIB, 7));
  writeFileSync(join(sandbox.folder, 'm.yaml'), 'files:\n  - {path: declared, size: 2M, seed: 3}\n');
  const second = sandbox.image('second.img', 64 * MIB);
  sandbox.image('third.img', 64 * MIB);
  const total = async (line: string, work: string, bytes: number) => {
    const lines = await linesOf(sandbox, `--progress=json ${line}`);
    const events = lines.flatMap(({ progress }) => progress ?? []);
    assert.ok(events.length >= 2, line);
    assert.ok(
      events.every((event) => event.work === work && event.total === bytes && event.unit === 'bytes'),
      line,
    );
    assert.deepEqual([events[0]?.done, events[0]?.state, events.at(-1)?.state], [0, 'running', 'done'], line);
    assert.equal(events.at(-1)?.done, bytes, line);
  };
  await total('creat -s 2M --zero z', 'filling', 2 * MIB);
  await total('cp source in', 'copying in', 3 * MIB);
  await total('cp --verify source in', 'copying in', 6 * MIB);
  await total('get in out', 'copying out', 3 * MIB);
  await total('flush in', 'writing back', 3 * MIB);
  await total('apply m.yaml', 'filling', 2 * MIB);
  await total('verify --seed 3 declared', 'verifying', 2 * MIB);
  await total('clone --to third.img', 'copying', 14 * MIB);
  await sandbox.ok(['daxdev', 'add', second]);
  await sandbox.ok(['creat', '-s', '2M', '--daxdevs', '1', '--zero', 'moves']);
  await total('daxdev remove 1 --clients-unmounted', 'moving', 4 * MIB);
  const checks = (await linesOf(sandbox, '--progress=json fsck')).flatMap(({ progress }) => progress ?? []);
  assert.deepEqual(
    [checks[0]?.unit, checks[0]?.done, checks.at(-1)?.state, checks.at(-1)?.done],
    ['stages', 0, 'done', checks.at(-1)?.total],
  );
  assert.deepEqual(await linesOf(sandbox, '--progress=none cp source in'), []);
  const failed = (await linesOf(sandbox, '--progress=json verify --seed 4 declared')).at(-2);
  assert.equal(failed?.progress?.state, 'done');
});
