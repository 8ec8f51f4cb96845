/** The words for findings and repairs whose numbers are easily one off. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../src/fs/finding/finding.js';
import { messageOf } from '../../../src/fs/fsck/catalogue/catalogue.js';
import { actionOf } from '../../../src/fs/fsck/repairs/words.js';

/** The message of a finding at slot 7. */
function said(code: Finding['code'], values: object): string {
  const place = { slot: 7, path: 'b', daxdev: 1, deviceOffset: 0x400000, length: 0x200000 };
  return messageOf({ code, place, values, count: 1 } as Finding);
}

test('a number that does not fit into 53 bits has a name', () => {
  assert.equal(said('SB_VERSION', { found: Number.POSITIVE_INFINITY }), 'version is over 2^53-1, must be 48');
  assert.equal(said('SB_MAGIC', { found: Number.POSITIVE_INFINITY }), 'magic is over 2^53-1, must be 0x87b282ff');
});

test('ranges end with the last that is meant', () => {
  assert.match(
    said('LOG_ENTRY_BEYOND', { from: 3, end: 9, complete: 2 }),
    /in slots 3 to 8, with bad ones among them$/,
  );
  assert.equal(
    said('EXTENT_OVERLAP', { otherSlot: 2, otherPath: 'a' }),
    'log entry 2 (a) and log entry 7 (b) both claim 0x400000 to 0x600000 of daxdev 1',
  );
  const values = { nextIndex: 5, recognisable: true, blank: 0, conflict: null };
  assert.equal(
    actionOf({ id: 'LOG_HEADER', values: { ...values, counted: 9 } }),
    'rewrite the log header, with next index 5, although it counted 9 slots: the entries of slots 5 to 8 are lost',
  );
  assert.match(actionOf({ id: 'LOG_HEADER', values: { ...values, counted: 6 } }), /: the entries of slot 5 are lost$/);
});

test('twins are distinguished', () => {
  const twin = (kind: string) => said('MEMBER_TWIN', { uuid: 'u', paths: ['x', 'y'], kind });
  assert.equal(twin('secondary'), 'x, y is a secondary with the uuid of the primary');
  assert.equal(twin('ambiguous'), 'daxdev 1 (uuid u) could be each of x, y');
  assert.match(twin('primary'), /^x, y has the same superblock and a sound log/);
});
