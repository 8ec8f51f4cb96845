/**
 * One writer or reader of a file that several share: traffic.js even|odd|reader FILE MILLISECONDS. Each word of 8 bytes holds the number
 * of its own block and of the round in which it was stored, so that a reader knows a word that belongs elsewhere or was never written.
 * Exits 0 if nothing wrong was seen.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { Random } from '../../support/random.js';

const BLOCK = 4096;
const WORDS = BLOCK / 8;
/** in the upper half of each word, above the block's number: a word of any other data has it hardly ever */
const MARK = 0x5a00_0000;

const [role = '', path = '', milliseconds = ''] = process.argv.slice(2);
const writes = role !== 'reader';
const fd = openSync(path, writes ? 'r+' : 'r');
const blocks = Math.floor(fstatSync(fd).size / BLOCK);
const random = new Random(process.pid);
const bytes = Buffer.alloc(BLOCK);
const words = new Uint32Array(bytes.buffer, bytes.byteOffset, 2 * WORDS);
const end = performance.now() + Number(milliseconds);
const newest = new Map<number, number>();
let calls = 0;
for (let round = 1; performance.now() < end; round++) {
  const block = random.below(blocks);
  if (writes) write(role === 'odd' ? block | 1 : block & ~1, round);
  else read(block);
  calls++;
}
// what one wrote last is there, because nobody else writes its blocks
for (const [block, round] of newest) {
  load(block);
  if (words.some((word, i) => word !== (i % 2 === 0 ? round : MARK | block)))
    fail(block, 'is not what was written last');
}
closeSync(fd);
if (calls === 0) throw new Error(`${role}: no call was made in ${milliseconds} ms`);

function write(block: number, round: number): void {
  if (block >= blocks) return;
  for (let i = 0; i < WORDS; i++) words.set([round, MARK | block], 2 * i);
  if (writeSync(fd, bytes, 0, BLOCK, block * BLOCK) !== BLOCK) fail(block, 'was written in part');
  newest.set(block, round);
}

function read(block: number): void {
  load(block);
  for (let i = 0; i < WORDS; i++) {
    const [round = 0, mark = 0] = words.subarray(2 * i, 2 * i + 2);
    if (mark !== (MARK | block) && (mark !== 0 || round !== 0))
      fail(block, `holds a foreign word: ${mark.toString(16)} ${round}`);
  }
}

function load(block: number): void {
  if (readSync(fd, bytes, 0, BLOCK, block * BLOCK) !== BLOCK) fail(block, 'was read in part');
}

function fail(block: number, what: string): never {
  process.stderr.write(`${role}: block ${block} ${what}\n`);
  process.exit(1);
}
