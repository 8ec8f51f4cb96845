/** Real kills: a bulk creat ends by SIGKILL at a random moment; what is left must be sound or repaired by -p. */
import assert from 'node:assert/strict';
import type { Random } from '../../src/fs/random.js';
import { end, listing, roomFor, start } from '../concurrency/writers.js';
import type { Sandbox } from '../sandbox.js';

const FILES = 3000;
/** milliseconds; from before the first append to after the last on a usual machine */
const LONGEST = 400;

/** Kills one creat. Returns whether it was stopped in the middle of its appends. */
export async function killOnce(sandbox: Sandbox, random: Random): Promise<boolean> {
  const image = await roomFor(sandbox, FILES);
  await sandbox.ok(['creat', '-s', '2M', 'before', '--dev', image]);
  const child = start(sandbox, ['creat', '--from', '-', '--dev', image], listing('f', FILES));
  const ended = end(child);
  setTimeout(() => child.kill('SIGKILL'), random() * LONGEST);
  await ended;
  const first = await sandbox.run(['fsck', '-n', image]);
  assert.ok([0, 4].includes(first.exitCode), first.stdout + first.stderr);
  if (first.exitCode === 4) assert.equal((await sandbox.run(['fsck', '-p', '--no-undo', image])).exitCode, 1);
  await sandbox.ok(['creat', '-s', '2M', 'after', '--dev', image]);
  const { exitCode, stdout } = await sandbox.run(['fsck', '-n', '--json', image]);
  assert.equal(exitCode, 0, stdout);
  const { files } = JSON.parse(stdout).log;
  await sandbox.ok(['stat', 'before', '--dev', image]);
  return files > 2 && files < FILES + 2;
}
