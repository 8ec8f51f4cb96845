/** The claims of a daxdev in the addon against a list of them, sorted for each question. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENTRY_LAYOUT } from '../../src/format/entries/layout.js';
import { LogTable } from '../../src/native/logTable.js';
import { Random } from '../support/random.js';

const UNIT = 4096;
const SIZE = 400 * UNIT;

interface Claim {
  readonly start: number;
  readonly end: number;
  readonly owner: number;
}

function inOrder(claims: readonly Claim[]): Claim[] {
  // a stable sort: those that begin at the same byte stay in the order in which they were made
  return claims.toSorted((a, b) => a.start - b.start);
}

function overlapsOf(claims: readonly Claim[]): number[] {
  const numbers: number[] = [];
  let reach: Claim | undefined;
  for (const claim of inOrder(claims)) {
    if (reach !== undefined && claim.start < reach.end)
      for (const { start, end, owner } of [reach, claim]) numbers.push(start, end, owner);
    if (reach === undefined || claim.end > reach.end) reach = claim;
  }
  return numbers;
}

function holesOf(claims: readonly Claim[]): number[] {
  const numbers: number[] = [];
  let at = 0;
  const add = (to: number) => {
    const from = Math.ceil(at / UNIT) * UNIT;
    const end = Math.floor(Math.min(to, SIZE) / UNIT) * UNIT;
    if (end > from) numbers.push(from, end);
  };
  for (const { start, end } of inOrder(claims)) {
    if (start > at) add(start);
    at = Math.max(at, end);
  }
  if (at < SIZE) add(SIZE);
  return numbers;
}

function check(table: LogTable, claims: readonly Claim[], what: string): void {
  const files = claims.filter(({ owner }) => owner >= 0);
  const bytesOfFiles = files.reduce((sum, { start, end }) => sum + end - start, 0);
  assert.deepEqual(table.claimTotals(0, false), { count: claims.length, bytesOfFiles }, what);
  assert.deepEqual([...table.overlaps(0, false)], overlapsOf(claims), what);
  assert.deepEqual([...table.holes(0, false, SIZE, UNIT)], holesOf(claims), what);
}

// files one after the other become one run, so most claims here continue the one before them, or nearly do
test('claims that follow each other, overlap, or come out of order are all remembered', (t) => {
  const random = new Random(t);
  for (let round = 0; round < 300; round++) {
    const table = new LogTable(ENTRY_LAYOUT, UNIT);
    table.addDaxdev(SIZE, 0);
    const claims: Claim[] = [];
    const ordered = random.chance(0.3);
    for (let owner = 0, next = 0, length = UNIT; claims.length < 60; owner++) {
      if (random.chance(0.15)) length = random.pick([UNIT, 2 * UNIT, 3 * UNIT, 1000]);
      if (random.chance(0.15)) next = ordered ? next + random.below(3) * UNIT : random.below(380) * UNIT;
      if (random.chance(0.05)) owner += random.below(3);
      const claim = { start: next, end: next + length, owner: random.chance(0.05) ? -1 : owner };
      table.claim(0, false, claim.start, claim.end, claim.owner);
      claims.push(claim);
      next = random.chance(0.05) ? claim.start : claim.end;
      // asked in between, claims are in order when more are added
      if (random.chance(0.03)) check(table, claims, `round ${round}, ${claims.length} claims`);
    }
    check(table, claims, `round ${round}`);
  }
});
