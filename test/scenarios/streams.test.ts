/** Data through pipes, and signals on the way, with the installed program. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ended, FAMFS, GUARD, shellIn } from '../support/famfs.js';
import { Random } from '../support/random.js';
import { MIB, type Sandbox, sandboxWithFs } from '../support/sandbox.js';

/** `famfs cp -s 8M - PATH` that has read 3 MiB and waits for more. */
async function halfCopied(sandbox: Sandbox, path: string): Promise<ChildProcess & { stdin: NodeJS.WritableStream }> {
  const argv = [FAMFS, 'cp', '-s', '8M', '-', path];
  const child = spawn(process.execPath, argv, { env: { ...process.env, ...sandbox.env }, stdio: 'pipe', ...GUARD });
  child.stdin.on('error', () => {});
  await new Promise((resolve) => child.stdin.write(Buffer.alloc(3 * MIB, 'x'), resolve));
  await sleep(150); // famfs reads what the pipe still holds
  return child;
}

test('a stream of the given size is copied in, and cat copies it out', async (t) => {
  const sandbox = await sandboxWithFs(64 * MIB);
  const bytes = new Random(t).bytes(5 * MIB + 3);
  const child = spawn(FAMFS, ['cp', '-s', String(bytes.length), '--stripes', '2', '-', 'a'], {
    env: { ...process.env, ...sandbox.env },
    stdio: 'pipe',
    ...GUARD,
  });
  child.stdin.end(bytes);
  assert.equal((await ended(child)).exitCode, 0);
  const { stdout } = await shellIn(sandbox, '$FAMFS cat a a | sha256sum; $FAMFS cat a > a1; cat a1 a1 | sha256sum');
  const [piped, stored] = stdout.split('\n');
  assert.equal(piped, stored);
  assert.equal((await shellIn(sandbox, 'cmp a1 <($FAMFS cat a)')).exitCode, 0);
});

test('a stream that is too short or too long makes no file; of a device the given size is read', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  for (const [script, code] of [
    ['echo short | $FAMFS cp -s 7 - a', 'ended after 6 of 7 bytes'],
    ['echo toolong | $FAMFS cp -s 7 - a', 'has more than the 7 bytes of a'],
    ['$FAMFS cp -s 7 - a < /dev/null', 'ended after 0 of 7 bytes'],
  ] as const) {
    const { exitCode, stderr } = await shellIn(sandbox, script);
    assert.equal(exitCode, 1, script);
    assert.ok(stderr.includes(code), stderr);
  }
  assert.equal(await sandbox.ok(['ls']), '');
  assert.equal((await shellIn(sandbox, '$FAMFS cp -s 3M /dev/zero zeros')).exitCode, 0);
  assert.equal(
    (await shellIn(sandbox, 'mkfifo p; (echo -n fifo > p) & $FAMFS cp -s 4 p f && $FAMFS cat f')).stdout.slice(-4),
    'fifo',
  );
});

test('Ctrl-C ends a copy at once, and leaves a sound log and no new file', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  const child = await halfCopied(sandbox, 'new');
  const result = ended(child);
  child.kill('SIGINT');
  const { signal, stderr } = await result;
  assert.equal(signal, 'SIGINT');
  assert.match(stderr, /0 of 1 file copied; none of the other new files was made/);
  assert.equal(await sandbox.ok(['ls']), '');
  await sandbox.ok(['fsck']);
});

test('Ctrl-C names a file that was being overwritten', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['creat', '-s', '8M', '--seed', '1', 'old']);
  const child = await halfCopied(sandbox, 'old');
  const result = ended(child);
  child.kill('SIGTERM');
  const { signal, stderr } = await result;
  assert.equal(signal, 'SIGTERM');
  assert.match(stderr, /old is incomplete: it existed before, and now some of its bytes come from standard input/);
  await sandbox.ok(['fsck']);
});

test('a copy that is killed leaves a sound log and no file, and can be repeated', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  const child = await halfCopied(sandbox, 'new');
  const result = ended(child);
  child.kill('SIGKILL');
  assert.equal((await result).signal, 'SIGKILL');
  await sandbox.ok(['fsck']);
  assert.equal(await sandbox.ok(['ls']), '');
  assert.equal((await shellIn(sandbox, 'head -c 8M /dev/zero | $FAMFS cp -s 8M - new')).exitCode, 0);
  await sandbox.ok(['fsck']);
});

test('a command that waits for a copy says so, and can be interrupted', async () => {
  const sandbox = await sandboxWithFs(64 * MIB);
  const copying = await halfCopied(sandbox, 'a');
  const env = { ...process.env, ...sandbox.env };
  const waiting = spawn(process.execPath, [FAMFS, 'mkdir', 'd'], { env, stdio: ['ignore', 'pipe', 'pipe'], ...GUARD });
  const patient = spawn(process.execPath, [FAMFS, 'mkdir', 'e'], { env, stdio: ['ignore', 'pipe', 'pipe'], ...GUARD });
  const results = [ended(waiting), ended(patient)] as const;
  await once(waiting.stderr, 'readable');
  waiting.kill('SIGINT');
  const { signal, stderr } = await results[0];
  assert.equal(signal, 'SIGINT');
  assert.match(stderr, /another process is writing to .*pool.img; waiting for it to end/);
  copying.stdin.end(Buffer.alloc(5 * MIB));
  assert.equal((await ended(copying)).exitCode, 0);
  assert.equal((await results[1]).exitCode, 0);
  assert.equal(await sandbox.ok(['ls']), 'a\ne/\n');
});
