/** One encoder for many entries. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EntryEncoder, encodeLogEntry } from '../../../src/format/entries/encoder.js';
import type { LogEntry } from '../../../src/format/entries/entryTypes.js';
import { crc32 } from '../../../src/native/device.js';

test('an entry has nothing of the one that was encoded before it', () => {
  const extents = Array.from({ length: 16 }, (_, daxdev) => ({ daxdev, deviceOffset: 2 ** 30, length: 2 ** 24 }));
  const owner = { uid: 1, gid: 2, mode: 0o644 };
  const large: LogEntry = {
    type: 'FILE',
    path: 'a/long/path'.padEnd(79, 'x'),
    size: 2 ** 28,
    flags: 1,
    ...owner,
    fmap: { layout: 'interleaved', chunkSize: 2 ** 21, extents },
  };
  const small: LogEntry = { type: 'MKDIR', path: 'd', ...owner };
  const encoder = new EntryEncoder(crc32);
  encoder.encode(large, 6);
  assert.deepEqual(encoder.encode(small, 7), encodeLogEntry(small, 7, crc32));
});
