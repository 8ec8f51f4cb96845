/** The program of the page that `famfs map --html` writes: it shows the pool that is embedded in the page. */
import 'uplot/dist/uPlot.min.css';
import './style.css';
import { humanBytes } from '../ui/units.js';
import { element, nameElement, placeLines, showFile, showPool } from './details.js';
import { History } from './history.js';
import { listenForKeys } from './keys.js';
import { LaneView } from './laneView.js';
import { crossHatch, cssOf, hatch, type Palette, paletteOf } from './palette.js';
import { embeddedPool, type Pool } from './pool.js';
import { Search } from './search.js';
import { type State, Store } from './state.js';
import { Treemap } from './treemap.js';

function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

function start(pool: Pool): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const state: State = {
    selected: -1,
    hovered: -1,
    entries: pool.header.slots,
    theme: dark.matches ? 'dark' : 'light',
    grey: false,
  };
  document.documentElement.dataset.theme = state.theme;
  const store = new Store(state);
  let palette = paletteOf(pool, state);
  showHeader(pool);
  const tip = new Tip(byId('tip'));
  const lanes = new LaneView(byId('lanes'), pool, state, palette);
  const select = (file: number) => store.set({ selected: file === state.selected ? -1 : file });
  const treemap = new Treemap(byId('treemap'), byId('crumbs'), pool, state, palette, {
    hover(file, x, y) {
      store.set({ hovered: file });
      tip.show(file < 0 ? [] : fileLines(pool, file), x, y);
    },
    select,
  });
  const elements = {
    chart: byId('chart'),
    time: byId<HTMLInputElement>('time'),
    moment: byId('moment'),
    play: byId<HTMLButtonElement>('play'),
  };
  const history = new History(elements, pool, store, palette);
  listenToLanes(pool, lanes, store, tip, select);
  const zoomToFile = (file: number) => zoomTo(pool, lanes, file);
  const search = new Search(byId('search-form'), byId('search'), byId('matches'), pool, ({ file, extent }) => {
    store.set({ selected: file, entries: Math.max(state.entries, pool.files.slots[file] + 1) });
    if (extent >= 0) zoomToExtent(pool, lanes, extent);
    else zoomToFile(file);
  });
  const toggleTheme = () => store.set({ theme: state.theme === 'dark' ? 'light' : 'dark' });
  const toggleGrey = () => store.set({ grey: !state.grey });
  byId('theme').addEventListener('click', toggleTheme);
  byId('grey').addEventListener('click', toggleGrey);
  byId('whole').addEventListener('click', () => lanes.whole());
  const help = byId<HTMLDialogElement>('help');
  byId('keys').addEventListener('click', () => help.showModal());
  listenForKeys({
    store,
    lanes,
    history,
    search: search.input,
    help,
    files: pool.count,
    zoomToFile,
    toggleTheme,
    toggleGrey,
  });
  const details = byId('details');
  const showDetails = () => {
    if (state.selected < 0) showPool(details, pool, palette);
    else showFile(details, pool, state.selected);
  };
  store.onChange((_, changed) => {
    if (changed.has('theme') || changed.has('grey')) {
      document.documentElement.dataset.theme = state.theme;
      byId('grey').setAttribute('aria-pressed', String(state.grey));
      palette = paletteOf(pool, state);
      showLegend(pool, palette);
    }
    lanes.update(state, palette);
    treemap.update(state, palette);
    if (changed.has('entries') || changed.has('theme')) history.update(state, palette);
    if (changed.has('selected') || (state.selected < 0 && changed.has('theme'))) showDetails();
  });
  showDetails();
  showLegend(pool, palette);
  // after the first complete frame
  requestAnimationFrame(() => requestAnimationFrame(() => document.documentElement.setAttribute('data-ready', '')));
}

function showHeader(pool: Pool): void {
  const { fsUuid, daxdevs } = pool.header;
  byId('fs-uuid').textContent = fsUuid.slice(0, 8);
  const used = pool.usedUpTo.at(-1) ?? 0;
  const counts = `${pool.count.toLocaleString('en')} files on ${daxdevs.length} daxdevs`;
  byId('summary').textContent = `${humanBytes(used)} of ${humanBytes(pool.capacity)} used, ${counts}`;
}

function showLegend(pool: Pool, palette: Palette): void {
  const panel = cssOf(palette.panel);
  const entry = (text: string, fill: (context: CanvasRenderingContext2D) => string | CanvasPattern) => {
    const swatch = document.createElement('canvas');
    swatch.width = 44;
    swatch.height = 22;
    const context = swatch.getContext('2d') as CanvasRenderingContext2D;
    context.fillStyle = fill(context);
    context.fillRect(0, 0, 44, 22);
    return element('span', swatch, text);
  };
  const entries = [
    entry('superblock and log', (context) => hatch(context, palette.meta, panel, 11)),
    entry('free', () => cssOf(palette.free)),
  ];
  if (pool.header.daxdevs.some(({ unusable }) => unusable.length > 0))
    entries.push(entry('unusable', (context) => hatch(context, palette.bad, panel, 9)));
  if (pool.header.daxdevs.some(({ poisoned }) => poisoned.length > 0))
    entries.push(entry('poison', (context) => crossHatch(context, palette.mark, panel, 9)));
  entries.push(element('span', 'in colour: files; those of one directory share a hue'));
  byId('legend').replaceChildren(...entries);
}

function fileLines(pool: Pool, file: number): HTMLElement[] {
  const { firstExtents } = pool.files;
  const count = firstExtents[file + 1] - firstExtents[file];
  return [
    element('strong', nameElement(pool.files.paths[file])),
    element(
      'p',
      `${humanBytes(pool.files.sizes[file])}, ${humanBytes(pool.allocated[file])} allocated in ${count} extents`,
    ),
  ];
}

function listenToLanes(pool: Pool, lanes: LaneView, store: Store, tip: Tip, select: (file: number) => void): void {
  const { canvas } = lanes;
  canvas.addEventListener('pointermove', (event) => {
    const place = lanes.placeAt(event.offsetX, event.offsetY);
    store.set({ hovered: place === undefined || place.extent < 0 ? -1 : pool.fileOf[place.extent] });
    tip.show(place === undefined ? [] : placeLines(pool, place), event.clientX, event.clientY);
  });
  canvas.addEventListener('pointerleave', () => {
    store.set({ hovered: -1 });
    tip.show([], 0, 0);
  });
  canvas.addEventListener('click', (event) => {
    const place = lanes.placeAt(event.offsetX, event.offsetY);
    if (place === undefined) return;
    tip.show(placeLines(pool, place), event.clientX, event.clientY);
    if (place.extent >= 0) select(pool.fileOf[place.extent]);
  });
}

function zoomTo(pool: Pool, lanes: LaneView, file: number): void {
  if (file < 0) return;
  const { extents } = pool.fmap(file);
  const from = Math.min(...extents.map(({ deviceOffset }) => deviceOffset));
  const to = Math.max(...extents.map(({ deviceOffset, length }) => deviceOffset + length));
  const margin = Math.max((to - from) * 0.1, pool.header.unit);
  lanes.zoomTo(Math.max(from - margin, 0), to + margin);
}

function zoomToExtent(pool: Pool, lanes: LaneView, extent: number): void {
  const from = pool.files.offsets[extent];
  const length = pool.files.lengths[extent];
  lanes.zoomTo(Math.max(from - length, 0), from + 2 * length);
}

/** A label next to the pointer. */
class Tip {
  constructor(readonly box: HTMLElement) {}

  show(lines: readonly HTMLElement[], x: number, y: number): void {
    this.box.replaceChildren(...lines);
    this.box.hidden = lines.length === 0;
    if (this.box.hidden) return;
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const left = x + 14 + width > window.innerWidth ? x - 14 - width : x + 14;
    const top = y + 16 + height > window.innerHeight ? y - 12 - height : y + 16;
    this.box.style.left = `${Math.max(left, 4)}px`;
    this.box.style.top = `${Math.max(top, 4)}px`;
  }
}

start(await embeddedPool(byId('pool-data')));
