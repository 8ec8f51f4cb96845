/** What a writer does before its first append: it counts the entry of a writer that was killed, or refuses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logHeaderStruct } from '../../../src/format/logHeader.js';
import { CreationPlan } from '../../../src/fs/allocate/creationPlan.js';
import { BlockBuilder } from '../../../src/fs/log/blockBuilder.js';
import { WriteSession } from '../../../src/fs/pool/writeSession.js';
import { APPLIED, NUMBERS_PER_APPLIED } from '../../../src/native/logTable.js';
import { Head } from '../../support/head.js';
import { entryOffset } from '../../support/patch.js';
import { overwrite } from '../../support/pool.js';
import { firstBytes, MIB, type Sandbox, sandboxWithFs } from '../../support/sandbox.js';

const COUNTS = 2 * MIB + logHeaderStruct.offsets.nextSequence;

/** A file system with the directories a, b and c, whose header counts only the first `counted`. */
async function withCount(counted: number): Promise<{ sandbox: Sandbox; path: string }> {
  const sandbox = await sandboxWithFs(64 * MIB);
  await sandbox.ok(['mkdir', 'a', 'b', 'c']);
  const path = sandbox.env.FAMFS_DEV as string;
  overwrite(path, COUNTS, Buffer.from(new BigUint64Array([BigInt(counted), BigInt(counted)]).buffer));
  return { sandbox, path };
}

function countsOf(path: string): number[] {
  const bytes = firstBytes(path, COUNTS + 16);
  return [Number(bytes.readBigUInt64LE(COUNTS)), Number(bytes.readBigUInt64LE(COUNTS + 8))];
}

test('an uncounted entry is counted by the next writer, even if that appends nothing', async () => {
  for (const argv of [
    ['mkdir', '-p', 'a'],
    ['mkdir', 'd'],
  ]) {
    const { sandbox, path } = await withCount(2);
    assert.equal(await sandbox.ok(['ls']), 'a/\nb/\n');
    await sandbox.ok(argv);
    const more = argv.includes('d') ? 1 : 0;
    assert.deepEqual(countsOf(path), [3 + more, 3 + more], argv.join(' '));
    assert.match(await sandbox.ok(['ls']), /^a\/\nb\/\nc\/\n/);
    await sandbox.ok(['fsck']);
  }
});

test('two uncounted entries are damage that a writer refuses, with nothing changed', async () => {
  const { sandbox, path } = await withCount(1);
  const before = new Head(path, 10 * MIB);
  assert.equal((await sandbox.error(['mkdir', 'd'])).code, 'LOG_DAMAGED');
  assert.ok(before.isUnchanged());
});

test('an uncounted entry further beyond the next index is damage too', async () => {
  const { sandbox, path } = await withCount(1);
  overwrite(path, entryOffset(1), Buffer.alloc(544));
  assert.equal((await sandbox.error(['mkdir', 'd'])).code, 'LOG_DAMAGED');
});

test('whoever watches a session sees each entry of a block, whatever slots the block has', async () => {
  const { env, folder } = await sandboxWithFs(64 * MIB);
  const session = WriteSession.open({ env, cwd: folder, warn: () => {} }, []);
  const seen: string[] = [];
  session.onAppended = (entry) => seen.push(entry.type === 'FILE' ? entry.path : entry.type);
  const names = ['a', 'bc', 'def'];
  const plan = new CreationPlan(session);
  const block = new BlockBuilder(names.length);
  const layout = { stripes: undefined, chunkSize: undefined, policy: 'fill', contiguous: false } as const;
  for (const path of names) {
    const { entry } = plan.addFile({ path, size: 3 * MIB, uid: 0, gid: 0, mode: 0o644 }, layout, false);
    block.add(entry, path.length);
  }
  const columns = block.block(Buffer.from(names.join('')), 0);
  for (let at = 0; at < columns.numbers.length; at += NUMBERS_PER_APPLIED) columns.numbers[at + APPLIED.slot] = 0;
  session.appendBlock(columns);
  assert.deepEqual(seen, names);
  session.close();
});
