import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { askBlkid } from '../../../src/fs/media/blkid.js';
import { Sandbox } from '../../support/sandbox.js';

test('a blkid that does not answer in time has found something, for all we know', () => {
  const box = new Sandbox();
  const folder = join(box.folder, 'bin');
  mkdirSync(folder);
  writeFileSync(join(folder, 'blkid'), '#!/bin/sh\nexec sleep 30\n');
  chmodSync(join(folder, 'blkid'), 0o755);
  const started = performance.now();
  assert.match(askBlkid({ env: { PATH: folder } }, '/dev/null', 200) ?? '', /cannot identify \(.*TIMEDOUT/);
  assert.ok(performance.now() - started < 10_000);
});
