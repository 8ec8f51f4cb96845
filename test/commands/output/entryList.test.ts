/** log list, log diff and logplay have the addon print most entries; each must be as it is when printed alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logEntryLine, logEntryRow } from '../../../src/commands/output/logEntry.js';
import { Replay, type ReplayedEntry } from '../../../src/fs/log/replay.js';
import { openVolume } from '../../../src/fs/pool/openVolume.js';
import { primaryFacts } from '../../../src/fs/pool/volume.js';
import { compactJson, jsonPieces } from '../../../src/ui/json.js';
import { colourStyle, PLAIN, showCodes } from '../../../src/ui/style.js';
import { escapeText } from '../../../src/ui/text.js';
import { oddPool } from '../../support/oddPool.js';
import { entryOffset, pokePayload } from '../../support/patch.js';
import type { PoolSandbox } from '../../support/pool.js';
import { GIB, Sandbox, stdinOf } from '../../support/sandbox.js';

/** The slots of oddPool that are changed here: files, of which it has many. */
const [DUPLICATE, NO_MODE, ALL_MODES, TORN, OWNED, LAST] = [7, 8, 9, 11, 13, 14] as const;

async function badPool(): Promise<PoolSandbox> {
  return oddPool((image) => {
    pokePayload(image, DUPLICATE, 'file', 'path', Buffer.from('b c\0'));
    pokePayload(image, NO_MODE, 'file', 'mode', 0);
    pokePayload(image, ALL_MODES, 'file', 'mode', 0o7777);
    pokePayload(image, OWNED, 'file', 'uid', 1000);
    image[entryOffset(TORN) + 100]! ^= 1;
    image[entryOffset(LAST) + 100]! ^= 1;
  });
}

/** What each entry did, one at a time. */
function replayedAlone({ env, folder }: PoolSandbox): ReplayedEntry[] {
  const volume = openVolume({ env, cwd: folder, warn: () => {} }, []);
  const replay = new Replay(primaryFacts(volume.primarySize, volume.superblock));
  const all: ReplayedEntry[] = [];
  volume.log.scan(0, volume.replay.next, (slot, decoded) => {
    const applied = replay.apply(slot, decoded);
    all.push({ slot, entry: decoded.entry, applied });
  });
  volume.close();
  return all;
}

test('many entries print what each prints by itself', async () => {
  const pool = await badPool();
  const all = replayedAlone(pool);
  assert.equal(all.length, LAST + 1);
  assert.deepEqual(
    all.filter(({ applied }) => !applied).map(({ slot }) => slot),
    [DUPLICATE, TORN, LAST],
  );
  const colour = await colourStyle();
  for (const from of [0, 3, DUPLICATE, ALL_MODES, LAST, LAST + 1, LAST + 2]) {
    const entries = all.slice(from);
    const rows = [...entries.map(logEntryRow)];
    const lines = (style = PLAIN) =>
      entries.map((entry) => `${showCodes(escapeText(logEntryLine(entry, style)))}\n`).join('');
    const text = async (...argv: string[]) => (await pool.ok(argv)).replace(/[^\n]*\n$/, '');
    assert.equal(await text('log', 'list', '--from', `${from}`), lines());
    assert.equal(await text('log', 'list', '--from', `${from}`, '--color', 'always'), lines(colour));
    assert.equal(await text('logplay', '--from', `${from}`), lines());
    const list = await pool.ok(['log', 'list', '--from', `${from}`, '--json']);
    const { operations, ...counts } = JSON.parse(list) as { operations: object[] };
    assert.equal(list, `${[...jsonPieces({ ...counts, operations: rows })].join('')}\n`);
    assert.equal(operations.length, rows.length);
    const elements = rows.map((row) => `\n    ${compactJson(row)}`).join(',');
    const played = await pool.ok(['logplay', '--from', `${from}`, '--json']);
    assert.ok(played.endsWith(`"operations": [${elements}${rows.length > 0 ? '\n  ' : ''}]\n}\n`), played);
    if (from > all.length) continue;
    assert.equal(await text('log', 'diff', `${from}`), lines());
    const diff = await pool.ok(['log', 'diff', `${from}`, '--json']);
    const { operations: _, ...totals } = JSON.parse(diff) as { operations: object[] };
    assert.equal(diff, `${[...jsonPieces({ ...totals, operations: rows })].join('')}\n`);
    const made = entries.flatMap(({ entry, applied }) => (applied && entry !== undefined ? [entry] : []));
    const files = made.filter((entry) => entry.type === 'FILE');
    assert.deepEqual(totals, {
      formatVersion: 1,
      from,
      to: all.length,
      files: files.length,
      directories: made.filter(({ type }) => type === 'MKDIR').length,
      daxdevs: made.filter(({ type }) => type === 'ADD_DAXDEV').length,
      fileBytes: files.reduce((sum, { size }) => sum + size, 0),
    });
  }
});

test('all entries of a long log are printed, in order, whatever is bad among them', async () => {
  const sandbox = new Sandbox();
  await sandbox.makeFs(8 * GIB, '--loglen', '8M');
  const paths = Array.from({ length: 2500 }, (_, i) => (i % 50 === 7 ? `"${i}"` : `file${i}`));
  await sandbox.ok(['creat', '--quiet', '--from0', '-'], {
    stdin: stdinOf(paths.map((path) => `${path}\x001\0\0`).join('')),
  });
  const listed = await sandbox.json<{ operations: { slot: number; path: string }[] }>(['log', 'list']);
  assert.deepEqual(
    listed.operations.map(({ slot, path }) => `${slot} ${path}`),
    paths.map((path, slot) => `${slot} ${path}`),
  );
  const lines = (await sandbox.ok(['logplay'])).split('\n');
  assert.deepEqual(
    lines.slice(0, -2).map((line) => line.split(' size ')[0]),
    paths.map(
      (path, slot) => `${String(slot).padStart(6)}  creat   0644 ${process.getuid?.()}:${process.getgid?.()} ${path}`,
    ),
  );
});
