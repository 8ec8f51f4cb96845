/** Text that several threads print. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OF_ENTRY, OF_EXTENT } from '../../src/fs/pool/entryText.js';
import { decimal, hex, PATH, parts, TextTemplates } from '../../src/fs/pool/textTemplate.js';
import { addon } from '../../src/native/addon.js';
import { STOPPED_AT_OTHER } from '../../src/native/columnText.js';
import { EntryText } from '../../src/native/entryText.js';
import type { AppliedBlock } from '../../src/native/logTable.js';
import { Random } from '../support/random.js';

const SEPARATOR = ',\n';
const PASS_OVER = 0xffffffff;
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte !== '"'.charCodeAt(0)));

const file = parts`${PATH} ${decimal(OF_ENTRY.size, 12)}${{ labels: ['daxdev', 'offset'], cells: [decimal(OF_EXTENT.daxdev), hex(OF_EXTENT.deviceOffset)], gap: ' ' }}`;
const { programs, starts } = new TextTemplates({ file }, { between: SEPARATOR, ...EntryText.SHAPE });
const STARTS = Uint32Array.of(PASS_OVER, starts.file, starts.file);

interface Listing {
  readonly block: AppliedBlock;
  /** the text of each file; undefined for one that no program prints; directories have none */
  readonly expected: readonly (string | undefined)[];
}

/** Entries at random: most are files, and few have a name that cannot be printed. */
function listing(random: Random, count: number, odd: number): Listing {
  const numbers: number[] = [];
  const extents: number[] = [];
  const expected: (string | undefined)[] = [];
  let paths = '';
  for (let slot = 0; slot < count; slot++) {
    const isOdd = random.chance(odd);
    const path = `${'n'.repeat(random.below(30))}${slot}${isOdd ? '"' : ''}`;
    const extentCount = random.chance(0.1) ? 0 : 1 + random.below(random.pick([1, 1, 3, 16]));
    const size = random.below(2 ** 31) * 2 ** random.below(22);
    const rows = Array.from({ length: extentCount }, () => [random.below(12), random.below(2 ** 31), 1] as const);
    numbers.push(slot, 0, 0, 0, 0, size, 0, extentCount, path.length);
    paths += path;
    for (const row of rows) extents.push(...row);
    if (extentCount === 0) continue;
    const width = Math.max(6, ...rows.map(([, offset]) => `0x${offset.toString(16)}`.length));
    const lines = rows.map(([daxdev, offset]) => [`${daxdev}`, `0x${offset.toString(16)}`] as const);
    const table = [['daxdev', 'offset'] as const, ...lines].map(([a, b]) => `${a.padStart(6)} ${b.padStart(width)}\n`);
    expected.push(isOdd ? undefined : `${path} ${String(size).padStart(12)}${table.join('')}`);
  }
  const block = {
    numbers: Float64Array.from(numbers),
    paths: Buffer.from(paths),
    extents: Float64Array.from(extents),
  };
  return { block, expected };
}

/** What the addon makes of all entries: a piece for each call, and undefined where it stopped. */
function print({ block }: Listing, threads: number, target: Buffer): (string | undefined)[] {
  const pieces: (string | undefined)[] = [];
  const at = new Float64Array(4);
  for (const end = block.numbers.length; at[0]! < end; ) {
    const bytes = addon().entryText(programs, STARTS, PLAIN, block, at, end, threads, target);
    if (bytes > 0) pieces.push(target.toString('latin1', 0, bytes));
    if (at[3] !== STOPPED_AT_OTHER) continue;
    pieces.push(undefined);
    const [numbers = 0, path = 0, extents = 0] = at;
    const [extentCount = 0, pathBytes = 0] = block.numbers.subarray(numbers + 7);
    at.set([numbers + 9, path + pathBytes, extents + 3 * extentCount]);
  }
  return pieces;
}

test('any number of threads, with any memory, prints the same', (t) => {
  const random = new Random(t);
  for (const [count, odd] of [
    [6000, 0],
    [6000, 0.0005],
    [300, 0.2],
  ] as const) {
    const all = listing(random, count, odd);
    for (const threads of [1, 2, 3, 7])
      for (const size of [4 << 20, 600_000, 3000]) {
        assert.deepEqual(groupsOf(print(all, threads, Buffer.alloc(size))), groupsOf(all.expected));
      }
  }
});

/** What is printed between two that are not, however many pieces it comes in. */
function groupsOf(pieces: readonly (string | undefined)[]): (string | undefined)[] {
  const groups: (string | undefined)[] = [];
  let group: string[] = [];
  const end = () => {
    if (group.length > 0) groups.push(group.join(SEPARATOR));
    group = [];
  };
  for (const text of pieces) {
    if (text !== undefined) {
      group.push(text);
      continue;
    }
    end();
    groups.push(undefined);
  }
  end();
  return groups;
}

test('an entry for which there is no memory is refused, and so are too many threads or none', (t) => {
  const all = listing(new Random(t), 10, 0);
  for (const [threads, size] of [
    [0, 4096],
    [257, 4096],
    [0.5, 4096],
    [1, 20],
    [2, 0],
  ] as const)
    assert.throws(() => print(all, threads, Buffer.alloc(size)), { code: 'EINVAL' });
});

test('a number that is not exact is refused in any part', (t) => {
  const { block } = listing(new Random(t), 6000, 0);
  for (const entry of [0, 3000, 5999]) {
    const numbers = block.numbers.slice();
    numbers.set([Number.NaN, 0, 1], 9 * entry + 5);
    const extents = block.extents;
    const call = () =>
      addon().entryText(
        programs,
        STARTS,
        PLAIN,
        { ...block, numbers, extents },
        new Float64Array(4),
        numbers.length,
        3,
        Buffer.alloc(4 << 20),
      );
    assert.throws(call, { code: 'EINVAL' });
  }
});
