/** Real kills: a bulk creat ends by SIGKILL at a random moment; what is left must be sound or repaired by -p. */
import assert from 'node:assert/strict';
import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Random } from '../../src/fs/random.js';
import { end, listing, roomFor, start } from '../concurrency/writers.js';
import type { Sandbox } from '../sandbox.js';

const FILES = 3000;
/** where the log's next index lies */
const NEXT_INDEX = 0x200028;

/** Kills one creat. Returns whether it was stopped in the middle of its appends. */
export async function killOnce(sandbox: Sandbox, random: Random): Promise<boolean> {
  const image = await roomFor(sandbox, FILES);
  await sandbox.ok(['creat', '-s', '2M', 'before', '--dev', image]);
  const child = start(sandbox, ['creat', '--from', '-', '--dev', image], listing('f', FILES));
  const ended = end(child);
  const counted = await reaches(image, 2 + Math.floor(random() * FILES * 0.9), () => child.exitCode === null);
  child.kill('SIGKILL');
  await ended;
  const first = await sandbox.run(['fsck', '-n', image]);
  assert.ok([0, 4].includes(first.exitCode), first.stdout + first.stderr);
  if (first.exitCode === 4) assert.equal((await sandbox.run(['fsck', '-p', '--no-undo', image])).exitCode, 1);
  await sandbox.ok(['creat', '-s', '2M', 'after', '--dev', image]);
  const { exitCode, stdout } = await sandbox.run(['fsck', '-n', '--json', image]);
  assert.equal(exitCode, 0, stdout);
  const { files } = JSON.parse(stdout).log;
  assert.ok(files >= counted + 1, `${counted} were counted before the kill, ${files} are left with the one made after`);
  await sandbox.ok(['stat', 'before', '--dev', image]);
  return files > 2 && files < FILES + 2;
}

/** Waits until so many entries are counted in an image, or the writer has ended. Returns how many are. */
async function reaches(image: string, wanted: number, writing: () => boolean): Promise<number> {
  const fd = openSync(image, 'r');
  const field = Buffer.alloc(8);
  const count = () => {
    readSync(fd, field, 0, field.length, NEXT_INDEX);
    return Number(field.readBigUInt64LE(0));
  };
  while (count() < wanted && writing()) await setImmediate();
  const reached = count();
  closeSync(fd);
  return reached;
}
