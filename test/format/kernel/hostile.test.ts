/** Messages that no server sends: cut off, too long, or with numbers that no file has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fmap } from '../../../src/format/fmap.js';
import { dExtentStruct, dHeaderStruct } from '../../../src/format/kernel/dMessage.js';
import { judgeFile, KERNEL_FORM_NAMES, kernelForm } from '../../../src/format/kernel/forms.js';
import { MOST_NAMED } from '../../../src/format/kernel/rule.js';
import { v2ExtentStruct, v2HeaderStruct } from '../../../src/format/kernel/v2Message.js';
import { viewOf } from '../../../src/format/struct.js';
import { PMD } from './maps.js';

const extents = [1, 2, 3].map((daxdev) => ({ daxdev, deviceOffset: daxdev * PMD, length: PMD }));
const MAPS: readonly Fmap[] = [
  { layout: 'simple', extents },
  { layout: 'interleaved', chunkSize: PMD, extents },
];
const SIZE = 3 * PMD;

function messageOf(form: (typeof KERNEL_FORM_NAMES)[number], fmap: Fmap): Buffer {
  return Buffer.from(judgeFile(form, { fmap, size: SIZE, slot: 1 }, {}).image as Uint8Array);
}

test('a message that is cut off anywhere is judged, and is no map; bytes after its end change no map', () => {
  for (const name of KERNEL_FORM_NAMES)
    for (const fmap of MAPS) {
      const image = messageOf(name, fmap);
      const form = kernelForm(name);
      const size = form.statesFileSize ? undefined : SIZE;
      for (let length = 0; length < image.length; length++) {
        const cut = form.decode(image.subarray(0, length));
        assert.notDeepEqual(cut.judge({}), [], `${name} ${length}`);
        assert.equal(cut.toMap(size), undefined, `${name} ${length}`);
      }
      const longer = form.decode(Buffer.concat([image, Buffer.alloc(400)]));
      assert.deepEqual(longer.toMap(size), { fmap, size: SIZE });
    }
});

test('a map with numbers that no file has is no map', () => {
  const [simple] = MAPS as [Fmap];
  const beyond = 2n ** 53n;
  const d = messageOf('d', simple);
  const changes = [{ backingId: 0n }, { length: 0n }, { deviceOffset: beyond }] as const;
  for (const [i, change] of changes.entries()) {
    const image = Buffer.from(d);
    const view = viewOf(image);
    const extent = dExtentStruct.read(view, dHeaderStruct.size);
    dExtentStruct.write(view, dHeaderStruct.size, { ...extent, ...change });
    assert.equal(kernelForm('d').decode(image).toMap(SIZE), undefined, `change ${i}`);
  }
  const v2 = messageOf('v2', simple);
  v2ExtentStruct.write(viewOf(v2), v2HeaderStruct.size, { deviceOffset: beyond });
  assert.equal(kernelForm('v2').decode(v2).toMap(SIZE), undefined);
});

test('of many extents with the same fault, the first are named', () => {
  const head = messageOf('d', MAPS[0] as Fmap).subarray(0, dHeaderStruct.size);
  const header = dHeaderStruct.read(viewOf(head), 0);
  dHeaderStruct.write(viewOf(head), 0, { ...header, extentCount: 40 });
  const findings = kernelForm('d')
    .decode(Buffer.concat([head, Buffer.alloc(40 * dExtentStruct.size)]))
    .judge({});
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  assert.equal(Math.max(...counts.values()), MOST_NAMED);
});
