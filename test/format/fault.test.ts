/** Which faults of a record keep it from being used. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FaultCode, isUsable } from '../../src/format/fault.js';

const faults = (...codes: FaultCode[]) => codes.map((code) => ({ code, field: 'f', found: '1', allowed: '0' }));

test('a record is used only if none of its faults forbids it', () => {
  assert.ok(isUsable([]));
  assert.ok(isUsable(faults('MODE_RANGE', 'COVERAGE_EXCESS')));
  // bytes beyond the extents would be those of others
  assert.ok(!isUsable(faults('COVERAGE_SHORT')));
  assert.ok(!isUsable(faults('MODE_RANGE', 'FILE_SIZE', 'PATH_CONTROL')));
});
