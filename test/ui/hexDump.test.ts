import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hexDump } from '../../src/ui/hexDump.js';

test('bytes are shown as xxd shows them, and none reaches the terminal raw', () => {
  const bytes = Uint8Array.of(...Array.from({ length: 16 }, (_, i) => i), 0x41, 0x7f, 0x1b, 0x20, 0xff);
  const expected = [
    '00000000: 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f  ................',
    '00000010: 417f 1b20 ff                             A.. .',
  ];
  assert.deepEqual(hexDump(bytes), expected);
  assert.deepEqual(
    hexDump(bytes, 3),
    expected.map((line) => `   ${line}`),
  );
  assert.deepEqual(hexDump(new Uint8Array(0)), []);
});
