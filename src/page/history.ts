/** How the pool filled, log entry by log entry: a chart, and a slider that shows earlier states. */
import uPlot from 'uplot';
import { humanBytes } from '../ui/units.js';
import { nameElement } from './details.js';
import { cssOf, type Palette } from './palette.js';
import type { Pool } from './pool.js';
import type { State, Store } from './state.js';

const MOST_POINTS = 1500;
/** 1, 2, 5, 10, 20 ... entries between two numbers of the axis */
const ENTRY_STEPS = Array.from({ length: 24 }, (_, i) => [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3));
/** how long playing the whole log takes, milliseconds */
const PLAYING = 8000;

export interface HistoryElements {
  readonly chart: HTMLElement;
  readonly time: HTMLInputElement;
  readonly moment: HTMLElement;
  readonly play: HTMLButtonElement;
}

export class History {
  #plot: uPlot | undefined;
  #playing = false;
  #palette: Palette;

  constructor(
    readonly elements: HistoryElements,
    readonly pool: Pool,
    readonly store: Store,
    palette: Palette,
  ) {
    const { chart, time, play } = elements;
    this.#palette = palette;
    time.max = String(pool.header.slots);
    time.addEventListener('input', () => this.showEntries(Number(time.value)));
    play.addEventListener('click', () => this.play());
    new ResizeObserver(() => this.#plot?.setSize({ width: chart.clientWidth, height: chart.clientHeight })).observe(
      chart,
    );
    this.#draw();
    this.#tell(store.state);
  }

  showEntries(entries: number): void {
    this.#playing = false;
    this.store.set({ entries: Math.min(Math.max(entries, 0), this.pool.header.slots) });
  }

  /** Plays the log from its start, or stops. */
  play(): void {
    const { slots } = this.pool.header;
    this.#playing = !this.#playing;
    this.#tell(this.store.state);
    if (!this.#playing) return;
    const from = this.store.state.entries >= slots ? 0 : this.store.state.entries;
    const begin = performance.now();
    const step = (now: number) => {
      if (!this.#playing) return;
      const entries = Math.round(from + ((now - begin) / PLAYING) * slots);
      this.#playing = entries < slots;
      this.store.set({ entries: Math.min(entries, slots) });
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  update(state: State, palette: Palette): void {
    if (palette !== this.#palette) {
      this.#palette = palette;
      this.#draw();
    }
    this.#tell(state);
    this.#plot?.setCursor({ left: this.#plot.valToPos(state.entries, 'x'), top: -10 });
    this.#plot?.redraw(false);
  }

  #tell({ entries }: State): void {
    const { time, moment, play } = this.elements;
    const { slots } = this.pool.header;
    time.value = String(entries);
    play.textContent = this.#playing ? 'Stop' : 'Play';
    const files = this.pool.filesUpTo(entries);
    const used = files === 0 ? 0 : this.pool.usedUpTo[files - 1];
    const last = entries < slots ? this.#entryName(entries - 1) : '';
    moment.replaceChildren(`${entries} of ${slots} entries, ${humanBytes(used)} `, nameElement(last));
  }

  /** What the log entry in a slot created; empty for a directory, and for an entry that is not used. */
  #entryName(slot: number): string {
    const { files, header } = this.pool;
    const file = this.pool.filesUpTo(slot);
    if (files.slots[file] === slot) return files.paths[file];
    const joined = header.daxdevs.find((daxdev) => daxdev.slot === slot);
    return joined === undefined ? '' : `daxdev ${joined.index} joined`;
  }

  #draw(): void {
    this.#plot?.destroy();
    const { chart } = this.elements;
    const { text, soft, mark } = this.#palette;
    const [entries, used] = this.#points();
    const total = this.pool.usedUpTo.at(-1) ?? 0;
    const { stepped } = uPlot.paths;
    const axis = {
      stroke: soft,
      grid: { show: false },
      ticks: { stroke: soft, size: 3 },
      font: '11px system-ui, sans-serif',
    };
    const options: uPlot.Options = {
      width: Math.max(chart.clientWidth, 50),
      height: Math.max(chart.clientHeight, 50),
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
      scales: { x: { time: false }, y: { range: (_plot, _least, most) => [0, most * 1.05 || 1] } },
      axes: [
        // half an entry is none
        { ...axis, size: 22, incrs: ENTRY_STEPS },
        {
          ...axis,
          size: 52,
          splits: () => [0, total / 2, total],
          values: (_plot, splits) => splits.map(humanBytes),
        },
      ],
      series: [
        {},
        {
          stroke: text,
          width: 1.5,
          points: { show: false },
          fill: cssOf(this.#palette.free),
          ...(stepped && { paths: stepped({ align: 1 }) }),
        },
      ],
      hooks: {
        draw: [
          (plot) => {
            // at the position of the slider
            const x = Math.round(plot.valToPos(this.store.state.entries, 'x', true));
            plot.ctx.fillStyle = mark;
            plot.ctx.fillRect(x - 1, plot.bbox.top, 2, plot.bbox.height);
          },
        ],
      },
    };
    this.#plot = new uPlot(options, [entries, used], chart);
    this.#plot.over.addEventListener('click', () => {
      const left = this.#plot?.cursor.left ?? -1;
      if (left >= 0) this.showEntries(Math.round(this.#plot?.posToVal(left, 'x') ?? 0));
    });
  }

  #points(): [number[], number[]] {
    const { slots } = this.pool.files;
    const step = Math.max(Math.ceil(slots.length / MOST_POINTS), 1);
    const entries = [0];
    const used = [0];
    for (let file = step - 1; file < slots.length; file += step) {
      entries.push(slots[file] + 1);
      used.push(this.pool.usedUpTo[file]);
    }
    if (entries.at(-1) !== this.pool.header.slots) {
      entries.push(this.pool.header.slots);
      used.push(this.pool.usedUpTo.at(-1) ?? 0);
    }
    return [entries, used];
  }
}
