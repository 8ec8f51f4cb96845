/** Writing a result to a descriptor, whatever stands at its other end. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fdSink } from '../../src/ui/sink.js';
import { Sandbox } from '../support/sandbox.js';

/** milliseconds after which bytes that are missing will not come */
const PATIENCE = 5000;
const { O_RDWR, O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;

/** Both ends of a pipe; neither blocks. */
function makePipe(): { read: number; write: number } {
  const path = join(new Sandbox().folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const both = openSync(path, O_RDWR | O_NONBLOCK);
  const read = openSync(path, O_RDONLY | O_NONBLOCK);
  const write = openSync(path, O_WRONLY | O_NONBLOCK);
  closeSync(both);
  return { read, write };
}

test('a full pipe that does not block gets everything, once somebody reads', async () => {
  const { read, write } = makePipe();
  const sent = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
  const received: Buffer[] = [];
  let length = 0;
  const writing = fdSink(write).write(sent);
  // time for the pipe to become full
  await new Promise((resolve) => setTimeout(resolve, 50));
  const reading = setInterval(() => {
    const part = Buffer.alloc(30_000);
    try {
      const count = readSync(read, part);
      received.push(part.subarray(0, count));
      length += count;
    } catch {
      // nothing there yet
    }
  }, 1);
  try {
    await writing;
    // what the pipe still holds
    for (let waited = 0; length < sent.length && waited < PATIENCE; waited++)
      await new Promise((resolve) => setTimeout(resolve, 1));
  } finally {
    clearInterval(reading);
  }
  assert.ok(Buffer.concat(received).equals(sent));
  closeSync(read);
  closeSync(write);
});

test('a descriptor that cannot be written is an error', async () => {
  const fd = openSync('/dev/null', 'r');
  await assert.rejects(fdSink(fd).write('text'), { code: 'EBADF' });
  closeSync(fd);
});
