import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ended } from '../../support/famfs.js';
import { Sandbox } from '../../support/sandbox.js';
import { listing, roomFor, start } from '../../support/writers.js';

const WRITERS = 8;
const CALLS = process.env.FAMFS_TEST_LONG === '1' ? 8 : 2;
const FILES_A_CALL = 100;
const FILES = WRITERS * CALLS * FILES_A_CALL;

test(`${WRITERS} processes make ${FILES} files at once while one replays`, { timeout: 300_000 }, async () => {
  const sandbox = new Sandbox();
  const image = await roomFor(sandbox, FILES);
  let working = true;
  const reader = replays(sandbox, image, () => working);
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(sandbox, image, writer)));
  working = false;
  await reader;
  const { exitCode, stdout } = await sandbox.run(['fsck', '-n', '--json', image]);
  assert.equal(exitCode, 0, stdout);
  const { log } = JSON.parse(stdout);
  assert.deepEqual([log.entries, log.files, log.skipped], [FILES, FILES, 0]);
});

async function write(sandbox: Sandbox, image: string, writer: number): Promise<void> {
  for (let call = 0; call < CALLS; call++) {
    const { exitCode, stderr } = await ended(
      start(sandbox, ['creat', '--from', '-', '--dev', image], listing(`w${writer}-${call}`, FILES_A_CALL)),
    );
    assert.equal(exitCode, 0, stderr);
  }
}

/** Replays in a loop: no entry is ever torn, and none disappears. */
async function replays(sandbox: Sandbox, image: string, working: () => boolean): Promise<void> {
  let seen = 0;
  while (working()) {
    const { exitCode, stdout, stderr } = await ended(start(sandbox, ['logplay', '--json', '--dev', image]));
    assert.equal(exitCode, 0, stderr);
    assert.equal(stderr, '');
    const { entries, skipped } = JSON.parse(stdout);
    assert.equal(skipped, 0, 'a torn entry was seen');
    assert.ok(entries >= seen, 'an entry is gone');
    seen = entries;
  }
}
