/** The forms of maps as a table: golden replies, random maps there and back, what no message can hold. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FileEntry } from '../../../src/format/entries/file.js';
import { decodeEntry } from '../../../src/format/entries/reader.js';
import { type Fmap, stripLength } from '../../../src/format/fmap.js';
import { guessForm, judgeFile, KERNEL_FORM_NAMES, kernelForm } from '../../../src/format/kernel/forms.js';
import { v2Form } from '../../../src/format/kernel/v2.js';
import { encodeGetDaxdev } from '../../../src/format/kernel/v2Daxdev.js';
import { encodeV2 } from '../../../src/format/kernel/v2Message.js';
import { LOG_ENTRY_SIZE } from '../../../src/format/logEntry.js';
import { viewOf } from '../../../src/format/struct.js';
import { DEFAULT_ALLOCATION_UNIT } from '../../../src/format/superblock.js';
import { makeRandom } from '../../../src/fs/allocate/random.js';
import { goldenBytes, goldenFile } from '../../support/golden.js';
import { entryOffset } from '../../support/patch.js';
import { PMD } from './maps.js';

for (const [image, slot] of [
  ['g2', 3],
  ['g2', 5],
  ['g2', 6],
  ['g3', 1],
] as const) {
  test(`the reply for entry ${slot} of ${image} is that of the reference's server`, () => {
    const golden = readFileSync(goldenFile(`${image}.fmap${slot}.bin`));
    const { fmap, size } = goldenEntry(image, slot);
    assert.deepEqual(encodeV2(fmap, size, false), golden);
    assert.deepEqual(v2Form.decode(golden).toMap(), { fmap, size });
    assert.deepEqual(v2Form.decode(golden).judge({ revision: 'first' }), []);
    assert.equal(guessForm(golden), 'v2');
  });
}

function goldenEntry(name: string, slot: number): FileEntry {
  const image = goldenBytes(name);
  const data = image.subarray(entryOffset(slot), entryOffset(slot) + LOG_ENTRY_SIZE);
  const { entry } = decodeEntry({ data, view: viewOf(data) }, 0, slot, 0, DEFAULT_ALLOCATION_UNIT);
  assert.equal(entry?.type, 'FILE');
  return entry as FileEntry;
}

test('random maps survive every form, their form is found again, and kernels accept them', () => {
  const seed = Number(process.env.FAMFS_TEST_SEED ?? Date.now() % 1e9);
  const random = makeRandom(seed);
  for (let round = 0; round < 2000; round++) {
    const { fmap, size } = randomMap((most) => Math.floor(random() * most));
    for (const name of KERNEL_FORM_NAMES) {
      const where = `seed ${seed} round ${round} form ${name}`;
      const form = kernelForm(name);
      const { image, findings } = judgeFile(name, { fmap, size, slot: round * 7919 }, {});
      assert.deepEqual(findings, [], where);
      assert.equal(guessForm(image), name, where);
      assert.deepEqual(form.decode(image).toMap(form.statesFileSize ? undefined : size), { fmap, size }, where);
      if (form.parts !== undefined) {
        const stating = form.parts.encode({ fmap, size, slot: round });
        assert.deepEqual(form.decode(stating).toMap(undefined), { fmap, size }, where);
      }
    }
  }
});

/** A map as this toolkit may make it; `below(n)` is a random number under n. Every extent has 2 TiB of its own. */
function randomMap(below: (most: number) => number): { fmap: Fmap; size: number } {
  const count = 1 + below(16);
  const place = (i: number) => ({ daxdev: below(24), deviceOffset: i * 2 ** 41 + (1 + below(1000)) * PMD });
  if (below(2) === 0) {
    const extents = Array.from({ length: count }, (_, i) => ({ ...place(i), length: (1 + below(1000)) * PMD }));
    const total = extents.reduce((sum, { length }) => sum + length, 0);
    return { fmap: { layout: 'simple', extents }, size: total - below(PMD) };
  }
  const chunkSize = PMD * 2 ** below(4);
  const size = 1 + below(count * chunkSize * 50);
  const length = stripLength(size, chunkSize, count);
  const extents = Array.from({ length: count }, (_, i) => ({ ...place(i), length }));
  return { fmap: { layout: 'interleaved', chunkSize, extents }, size };
}

test('values that no message can hold are findings, not crashes', () => {
  const huge: Fmap = {
    layout: 'simple',
    extents: [{ daxdev: Number.POSITIVE_INFINITY, deviceOffset: PMD, length: PMD }],
  };
  const wideChunk: Fmap = {
    layout: 'interleaved',
    chunkSize: 2 ** 32,
    extents: [{ daxdev: 0, deviceOffset: PMD, length: 2 ** 32 }],
  };
  const rulesOf = (name: 'v2' | 'd', fmap: Fmap) =>
    judgeFile(name, { fmap, size: PMD, slot: 0 }, {}).findings.map(({ rule, class: kind }) => [rule, kind]);
  assert.deepEqual(rulesOf('v2', huge), [['V2_FIELD', 'REFUSED']]);
  assert.deepEqual(rulesOf('d', huge), [['D_FIELD', 'REFUSED']]);
  assert.deepEqual(rulesOf('v2', wideChunk), [['V2_FIELD', 'REFUSED']]);
  assert.deepEqual(rulesOf('d', wideChunk), []);
});

test('random bytes are decoded and judged in every form, and never judged sound', () => {
  const random = makeRandom(31);
  for (let round = 0; round < 3000; round++) {
    const image = Buffer.from(Array.from({ length: Math.floor(random() * 400) }, () => Math.floor(random() * 256)));
    for (const name of KERNEL_FORM_NAMES) {
      const form = kernelForm(name);
      assert.notDeepEqual(form.decode(image).judge({}), [], image.toString('hex'));
      form.decode(image).toRow();
      Array.from(form.decode(image).toLines());
      form.decode(image).toMap(PMD);
    }
  }
});

test('no rule is in two forms, and each revision is one that its form knows', () => {
  const names = KERNEL_FORM_NAMES.flatMap((name) =>
    kernelForm(name)
      .rules()
      .map(({ rule }) => rule),
  );
  assert.equal(new Set(names).size, names.length);
  for (const name of KERNEL_FORM_NAMES) {
    const { revisions, defaultRevision } = kernelForm(name);
    assert.equal(defaultRevision === undefined, Object.keys(revisions).length === 0);
    if (defaultRevision !== undefined) assert.ok(defaultRevision in revisions);
  }
  assert.throws(() => v2Form.decode(Buffer.alloc(32)).judge({ revision: 'v11' }), /no revision v11/);
});

test('GET_DAXDEV names a slot and a path', () => {
  const reply = encodeGetDaxdev(5, '/dev/dax1.0');
  assert.equal(reply.length, 280);
  assert.equal(reply.readUInt16LE(0), 5);
  assert.equal(reply.toString('latin1', 24, 36), '/dev/dax1.0\0');
  assert.throws(() => encodeGetDaxdev(0, 'x'.repeat(256)), /at most 255 bytes/);
  assert.equal(encodeGetDaxdev(0, 'x'.repeat(255)).length, 280);
});
