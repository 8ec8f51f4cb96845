/** Describes the selected file, or else the pool, and what is under the pointer. Names are always text, never markup. */
import { counted } from '../format/counted.js';
import { fileOffsetsAt } from '../format/fmap.js';
import type { PageBalance, PageDaxdev } from '../picture/pageData.js';
import { exactBytes, hex, humanBytes } from '../ui/units.js';
import { BalanceChart } from './balanceChart.js';
import type { Place } from './laneView.js';
import type { Palette } from './palette.js';
import { capacityOf, type Pool } from './pool.js';

/** chunks of a strip to list */
const CHUNKS_LISTED = 4;

export function element(name: string, ...content: (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

/** A name from the log, isolated so that right-to-left text does not move its surroundings. */
export function nameElement(path: string): HTMLElement {
  return element('bdi', path);
}

function terms(rows: readonly (readonly [string, string])[]): HTMLElement {
  return element('dl', ...rows.flatMap(([term, text]) => [element('dt', term), element('dd', text)]));
}

function row(cell: 'th' | 'td', texts: readonly string[]): HTMLElement {
  return element('tr', ...texts.map((text) => element(cell, text)));
}

/** The file and its extents, in the order of its bytes. */
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
  const poisoned = fmap.extents
    .flatMap(({ daxdev, deviceOffset: from, length }) =>
      overlaps(pool.header.daxdevs[daxdev].poisoned, from, from + length),
    )
    .reduce((sum, bytes) => sum + bytes, 0);
  if (poisoned > 0) rows.push(['poison', `${humanBytes(poisoned)} of it cannot be read`]);
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
export function showPool(panel: HTMLElement, pool: Pool, palette: Palette): void {
  const { daxdevs, unit, slots, slotCapacity, balance } = pool.header;
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
  const largest = pool.directories.all.slice(0, 8);
  const rows: (readonly [string, string])[] = [
    ['used', `${Math.min(...shares).toFixed(1)}% to ${Math.max(...shares).toFixed(1)}% of a daxdev`],
    ['balance', balanceWords(used, balance)],
    ['a loss', `of one daxdev costs at most ${Math.max(...files)} of ${pool.count} files`],
    ['log', `${slots} of ${slotCapacity} entries`],
  ];
  const missing = daxdevs.filter(({ state }) => state !== 'present').length;
  if (missing > 0) rows.push(['missing', `${missing} of ${daxdevs.length} daxdevs were not on the host`]);
  const { checked } = pool.header;
  if (checked !== null)
    rows.push(['poison', `${poisonWords(daxdevs)} (${checked === 'all' ? 'all' : 'used'} memory was read)`]);
  const list = largest.map(({ path, bytes }) => {
    const cells = [element('td', nameElement(`/${path}`)), element('td', humanBytes(bytes))];
    return element('tr', ...cells);
  });
  panel.replaceChildren(
    element('h2', 'The pool'),
    terms(rows),
    ...(balance === null ? [] : [balanceFigure(used, balance, palette)]),
    element('table', row('th', ['largest directories', 'allocated']), ...list),
  );
}

/** The standard deviation of the bytes used on the daxdevs, and the one that the policy would produce. */
function balanceWords(used: readonly number[], balance: PageBalance | null): string {
  const mean = used.reduce((sum, bytes) => sum + bytes, 0) / used.length;
  const deviation = Math.sqrt(used.reduce((sum, bytes) => sum + (bytes - mean) ** 2, 0) / used.length);
  const actual = `standard deviation ${humanBytes(deviation)}`;
  if (balance === null) return actual;
  const [least, , most] = balance.deviation.map((bytes) => humanBytes(bytes));
  return `${actual}; ${balance.policy} would give ${least === most ? least : `${least} to ${most}`}`;
}

function balanceFigure(used: readonly number[], balance: PageBalance, palette: Palette): HTMLElement {
  const runs = balance.runs === 1 ? '' : ` in ${balance.runs} runs`;
  const words = `dots: used, by daxdev; bands: what ${balance.policy} placement would give${runs}`;
  return element('figure', new BalanceChart(used, balance, palette).canvas, element('figcaption', words));
}

function poisonWords(daxdevs: readonly PageDaxdev[]): string {
  const lengths = daxdevs.flatMap(({ poisoned }) => overlaps(poisoned, 0, Number.POSITIVE_INFINITY));
  if (lengths.length === 0) return 'none';
  const bytes = lengths.reduce((sum, length) => sum + length, 0);
  return `${humanBytes(bytes)} in ${counted(lengths.length, 'range')}`;
}

/** How many bytes of each range lie in [from, to); ranges without any are left out. */
function overlaps(bounds: readonly number[], from: number, to: number): number[] {
  const lengths: number[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const length = Math.min(bounds[i + 1], to) - Math.max(bounds[i], from);
    if (length > 0) lengths.push(length);
  }
  return lengths;
}

/** A few lines about what is under the pointer. */
export function placeLines(pool: Pool, { daxdev, offset, extent }: Place): HTMLElement[] {
  const { begin, unusable, poisoned, path } = pool.header.daxdevs[daxdev];
  const where = `daxdev ${daxdev}${path === null ? '' : ` (${path})`}, ${hex(offset)}`;
  const line = (text: string) => element('p', text);
  const isIn = (bounds: readonly number[]) => overlaps(bounds, offset, offset + 1).length > 0;
  const poison = isIn(poisoned) ? [line('poison: cannot be read')] : [];
  if (extent < 0) {
    const what = offset < begin ? 'superblock and log' : isIn(unusable) ? 'unusable: run famfs fsck' : 'free';
    return [element('strong', what), line(where), ...poison];
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
    ...poison,
  ];
}

/** The part of the file that an extent holds; a strip has every nth chunk. */
function order(pool: Pool, file: number, extent: number): string {
  const number = extent - pool.files.firstExtents[file];
  const count = pool.files.firstExtents[file + 1] - pool.files.firstExtents[file];
  const chunk = pool.files.chunkSizes[file];
  if (chunk === 0) return count === 1 ? 'one extent' : `extent ${number} of ${count}`;
  const chunks = pool.files.lengths[extent] / chunk;
  const listed = Array.from({ length: Math.min(chunks, CHUNKS_LISTED) }, (_, i) => number + i * count);
  return `strip ${number} of ${count}: chunks ${listed.join(', ')}${chunks > CHUNKS_LISTED ? ' ...' : ''} of ${exactBytes(chunk)}`;
}
