/** Our own golden images by the rules of the reference (docs/format.md), and as our replay reads them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GOLDEN_MASTER, goldenBytes, goldenImage, goldenSize } from '../support/golden.js';
import { rawBytes } from '../support/rules/rawImage.js';
import { judgeRules } from '../support/rules/rules.js';
import { Sandbox } from '../support/sandbox.js';

for (const [name, paths] of Object.entries({
  g40: [],
  g41: ['dir', 'dir/sub', 'one_byte', 'one_unit', 'two_units', 'packed', 'huge_page', 'large', 'tail'],
  g42: ['least_chunk', 'short_strips', 'huge_pages', 'below_chunk'],
})) {
  test(`${name} keeps the rules of the reference, and our replay reads the same`, async () => {
    const bytes = goldenBytes(name);
    assert.equal(bytes.readBigUInt64LE(32), 4096n);
    assert.equal(bytes.toString('hex', 80, 96), GOLDEN_MASTER.replaceAll('-', ''));
    const { broken, nodes, daxdevs } = judgeRules(rawBytes(name, bytes, goldenSize(name)));
    assert.deepEqual([broken, daxdevs], [[], []]);
    assert.deepEqual(
      nodes.map(({ path }) => path),
      paths.map((path, i) => nodes[i]?.path.replace(/[^/]*$/, path.split('/').at(-1) ?? '')),
    );
    const sandbox = new Sandbox(GOLDEN_MASTER);
    sandbox.env.FAMFS_DEV = goldenImage(name, sandbox.folder);
    const listed = new Map((await sandbox.entries()).map((entry) => [entry.path, entry]));
    assert.equal(listed.size, nodes.length);
    for (const { path, size, mode } of nodes) {
      const found = listed.get(path);
      assert.deepEqual([found?.size ?? 0, found?.mode], [Number(size), `0${mode.toString(8)}`], path);
    }
    const { files } = await sandbox.json<{ files: ShownFile[] }>(['showfmap', '--all']);
    for (const { path, chunkSize, extents } of files) {
      const node = nodes.find((one) => one.path === path);
      const shown = extents.map(({ daxdev, deviceOffset, length }) => [daxdev, deviceOffset, length].map(BigInt));
      const raw = node?.extents.map(({ daxdev, offset, length }) => [daxdev, offset, length]);
      assert.deepEqual([shown, BigInt(chunkSize ?? 0)], [raw, node?.chunk]);
    }
  });
}

interface ShownFile {
  readonly path: string;
  readonly chunkSize?: number | null;
  readonly extents: readonly { readonly daxdev: number; readonly deviceOffset: number; readonly length: number }[];
}
