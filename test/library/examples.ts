/** The programs in examples/, run as a user runs them. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Runs all of them.
 * @param node the program and its words before the script
 * @param folder where the examples are
 * @param work an empty folder
 */
export async function runExamples(node: readonly [string, ...string[]], folder: string, work: string): Promise<void> {
  const env = { PATH: process.env.PATH ?? '', FAMFS_SYSTEM_UUID_FILE: join(work, 'system_uuid'), FAMFS_SYSROOT: work };
  const [program, ...words] = node;
  const wordsFor = (name: string, args: readonly string[]) => [...words, join(folder, name), ...args];
  const run = (name: string, ...args: string[]) =>
    execFileSync(program, wordsFor(name, args), { env, encoding: 'utf8', cwd: work });
  const device = join(work, 'pool1.img');

  const made = run('make-pool.mjs', work);
  assert.match(
    made,
    /^made [0-9a-f-]{36} with room for \d+ bytes\ndata\/numbers: 4194304 bytes, log entry 3\nclean\n$/,
  );
  // files are placed at random
  assert.match(
    run('read-map.mjs', device).replaceAll(work, 'WORK'),
    new RegExp(
      '^daxdev 0: WORK/pool0.img, \\d+ of 56623104 bytes used\n' +
        'daxdev 1: WORK/pool1.img, \\d+ of 65011712 bytes used\n' +
        'data/numbers: 4194304 bytes, interleaved, extents: 2, first byte on daxdev [01]\n' +
        'data/text/hello: 6 bytes, simple, extents: 1, first byte on daxdev [01]\n$',
    ),
  );
  assert.equal(run('stream-out.mjs', 'data/text/hello', device), 'hello\n');
  const failed = spawnSync(program, wordsFor('stream-out.mjs', ['data/none', device]), { env, encoding: 'utf8' });
  assert.deepEqual([failed.status, failed.stdout], [1, '']);
  assert.match(failed.stderr, /^NO_ENTRY: data\/none: no such file/);

  const follower = spawn(program, wordsFor('follow-log.mjs', [device]), {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 60_000,
  });
  const lines: string[] = [];
  for await (const line of createInterface(follower.stdout)) {
    lines.push(line);
    if (lines.length === 5) follower.kill('SIGINT');
  }
  if (follower.exitCode === null) await once(follower, 'exit');
  assert.deepEqual(lines, [
    '0 ADD_DAXDEV daxdev 1',
    '1 MKDIR data',
    '2 MKDIR data/text',
    '3 FILE data/numbers',
    '4 FILE data/text/hello',
  ]);
  assert.deepEqual([follower.exitCode, follower.signalCode], [0, null]);
}
