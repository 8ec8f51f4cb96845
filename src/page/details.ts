/** What is selected, or else the pool, in words; and what is under the pointer. Names are only ever text, never markup. */
import { fileOffsetsAt } from '../format/fmap.js';
import { exactBytes, hex, humanBytes } from '../ui/units.js';
import type { Place } from './laneView.js';
import { capacityOf, type Pool } from './pool.js';

/** chunks of a strip that are listed */
const CHUNKS_LISTED = 4;

export function element(name: string, ...content: (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

/** A name from the log: isolated, so that one that is written from right to left does not move what is beside it. */
export function nameElement(path: string): HTMLElement {
  return element('bdi', path);
}

function terms(rows: readonly (readonly [string, string])[]): HTMLElement {
  return element('dl', ...rows.flatMap(([term, text]) => [element('dt', term), element('dd', text)]));
}

function row(cell: 'th' | 'td', texts: readonly string[]): HTMLElement {
  return element('tr', ...texts.map((text) => element(cell, text)));
}

/** The file and its extents in the order of its bytes. */
export function showFile(panel: HTMLElement, pool: Pool, file: number): void {
  const fmap = pool.fmap(file);
  const size = pool.files.sizes[file];
  const allocated = pool.allocated[file];
  const interleaved = fmap.layout === 'interleaved';
  const rows: (readonly [string, string])[] = [
    ['size', `${humanBytes(size)} (${size} bytes)`],
    ['allocated', `${exactBytes(allocated)}, slack ${humanBytes(allocated - size)}`],
    ['layout', interleaved ? `${fmap.extents.length} strips, chunk ${exactBytes(fmap.chunkSize)}` : 'simple'],
    ['log entry', String(pool.files.slots[file])],
  ];
  const list = fmap.extents.map(({ daxdev, deviceOffset, length }, i) =>
    row('td', [String(i), String(daxdev), hex(deviceOffset), exactBytes(length)]),
  );
  const head = row('th', [interleaved ? 'strip' : 'extent', 'daxdev', 'device offset', 'length']);
  panel.replaceChildren(
    element('h2', nameElement(pool.files.paths[file])),
    terms(rows),
    element('table', head, ...list),
  );
}

/** How full the pool is, and how evenly. */
export function showPool(panel: HTMLElement, pool: Pool): void {
  const { daxdevs, unit, slots, slotCapacity } = pool.header;
  const used = daxdevs.map(() => 0);
  const files = daxdevs.map(() => 0);
  const last = daxdevs.map(() => -1);
  for (let i = 0; i < pool.fileOf.length; i++) {
    const daxdev = pool.files.daxdevs[i];
    used[daxdev] += pool.files.lengths[i];
    if (last[daxdev] !== pool.fileOf[i]) files[daxdev]++;
    last[daxdev] = pool.fileOf[i];
  }
  const shares = daxdevs.map((daxdev, i) => (used[i] / (capacityOf(daxdev, unit) || 1)) * 100);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const deviation = Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length);
  const largest = pool.directories.all.slice(0, 8);
  const rows: (readonly [string, string])[] = [
    ['used', `${Math.min(...shares).toFixed(1)}% to ${Math.max(...shares).toFixed(1)}% of a daxdev`],
    ['balance', `standard deviation ${deviation.toFixed(2)}%`],
    ['a loss', `of one daxdev costs at most ${Math.max(...files)} of ${pool.count} files`],
    ['log', `${slots} of ${slotCapacity} entries`],
  ];
  const missing = daxdevs.filter(({ state }) => state !== 'present').length;
  if (missing > 0) rows.push(['missing', `${missing} of ${daxdevs.length} daxdevs were not on the host`]);
  const list = largest.map(({ path, bytes }) => {
    const cells = [element('td', nameElement(`/${path}`)), element('td', humanBytes(bytes))];
    return element('tr', ...cells);
  });
  panel.replaceChildren(
    element('h2', 'The pool'),
    terms(rows),
    element('table', row('th', ['largest directories', 'allocated']), ...list),
  );
}

/** What the pointer is at, in a few lines. */
export function placeLines(pool: Pool, { daxdev, offset, extent }: Place): HTMLElement[] {
  const { begin, unusable, path } = pool.header.daxdevs[daxdev];
  const where = `daxdev ${daxdev}${path === null ? '' : ` (${path})`}, ${hex(offset)}`;
  const line = (text: string) => element('p', text);
  if (extent < 0) {
    const bad = unusable.some((_, i) => i % 2 === 0 && unusable[i] <= offset && offset < unusable[i + 1]);
    const what = offset < begin ? 'superblock and log' : bad ? 'unusable: run famfs fsck' : 'free';
    return [element('strong', what), line(where)];
  }
  const file = pool.fileOf[extent];
  const start = pool.files.offsets[extent];
  const length = pool.files.lengths[extent];
  const range = `${hex(start)} to ${hex(start + length)}, ${exactBytes(length)}`;
  return [
    element('strong', nameElement(pool.files.paths[file])),
    line(`${humanBytes(pool.files.sizes[file])}, ${order(pool, file, extent)}`),
    line(`daxdev ${daxdev}, ${range}`),
    line(`${hex(offset)} is byte ${fileOffsetsAt(pool.fmap(file), daxdev, offset).map(hex).join(', ')} of the file`),
  ];
}

/** Which part of the file an extent is: a strip has every nth chunk. */
function order(pool: Pool, file: number, extent: number): string {
  const number = extent - pool.files.firstExtents[file];
  const count = pool.files.firstExtents[file + 1] - pool.files.firstExtents[file];
  const chunk = pool.files.chunkSizes[file];
  if (chunk === 0) return count === 1 ? 'one extent' : `extent ${number} of ${count}`;
  const chunks = pool.files.lengths[extent] / chunk;
  const listed = Array.from({ length: Math.min(chunks, CHUNKS_LISTED) }, (_, i) => number + i * count);
  return `strip ${number} of ${count}: chunks ${listed.join(', ')}${chunks > CHUNKS_LISTED ? ' ...' : ''} of ${exactBytes(chunk)}`;
}
