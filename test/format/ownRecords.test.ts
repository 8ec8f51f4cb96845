/** Magic and version of each record that the reference does not know: other releases must find them, so they never change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeDeparture } from '../../src/format/departure.js';
import { encodeLogHistory } from '../../src/format/logHistory.js';
import { encodePoolDefaults } from '../../src/format/poolDefaults.js';
import { encodePoolLabel } from '../../src/format/poolLabel.js';
import { encodeRewriteJournal, REWRITE_MAGIC } from '../../src/format/rewriteJournal.js';
import { crc32 } from '../../src/native/device.js';

const FS = '11111111-2222-4333-8444-555555555555';
const HISTORY = '99999999-2222-4333-8444-555555555555';

const JOURNAL = { fsUuid: FS, historyUuid: HISTORY, logLength: 2 ** 23, entries: 1, clearTo: 2, checksum: 3 };

/** name, bytes, magic as text from its last byte on, version */
const RECORDS: readonly (readonly [name: string, bytes: Buffer, magic: string, version: bigint])[] = [
  ['log history', encodeLogHistory({ fsUuid: FS, historyUuid: HISTORY }, crc32), '686973746f72', 1n],
  ['departure', encodeDeparture({ fsUuid: FS, historyUuid: HISTORY, daxdev: 1 }, crc32), '646570617274', 1n],
  ['pool defaults', encodePoolDefaults({ fsUuid: FS, stripes: 2, chunkSize: 0x200000 }, crc32), '706f6f6cfa', 1n],
  ['journal of a rewrite', encodeRewriteJournal(JOURNAL, [{ offset: 2 ** 21, entries: 1 }], crc32), '6a6f75726e6c', 1n],
  ['pool label', encodePoolLabel({ fsUuid: FS, label: 'pool' }, crc32), '6c6162656c', 1n],
];

for (const [name, bytes, magic, version] of RECORDS)
  test(`the record of the ${name} begins as it always has`, () => {
    assert.deepEqual([bytes.readBigUInt64LE(0).toString(16), bytes.readBigUInt64LE(8)], [magic, version]);
  });

test('the header of a log that is being rewritten has the magic that it always had', () => {
  assert.equal(REWRITE_MAGIC.toString(16), '726577726974');
});
