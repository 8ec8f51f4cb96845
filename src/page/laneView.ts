/** The daxdevs as lanes of a canvas, to scale, with zoom. */
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { type D3ZoomEvent, type ZoomBehavior, zoom, zoomIdentity } from 'd3-zoom';
import { lastName } from '../format/path.js';
import { isolated } from '../picture/isolated.js';
import type { Lane } from '../picture/lane.js';
import { exactBytes } from '../ui/units.js';
import { FONT, fillBox, fitCanvas, INK } from './canvas.js';
import { paintRow, type View } from './laneImage.js';
import { crossHatch, cssOf, hatch, type Palette, rgbOfPixel } from './palette.js';
import { capacityOf, type Pool } from './pool.js';
import type { State } from './state.js';

/** The place on a daxdev under the pointer. */
export interface Place {
  readonly daxdev: number;
  /** byte of the daxdev */
  readonly offset: number;
  /** extent there; -1 for none */
  readonly extent: number;
}

const LABELS = 74;
const RIGHT = 8;
const AXIS = 22;
const GAP = 3;
const TALLEST = 96;
/** pixels of an allocation unit at the highest zoom */
const LARGEST_UNIT = 80;
const MOST_NAMES = 300;

export class LaneView {
  readonly #context: CanvasRenderingContext2D;
  readonly #zoom: ZoomBehavior<HTMLCanvasElement, unknown>;
  #base: ScaleLinear<number, number>;
  #scale: ScaleLinear<number, number>;
  #lanes: Lane[];
  #shown: number;
  #ratio = 1;
  #waiting = false;
  #state: State;
  #palette: Palette;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly pool: Pool,
    state: State,
    palette: Palette,
  ) {
    this.#context = canvas.getContext('2d') as CanvasRenderingContext2D;
    this.#state = state;
    this.#palette = palette;
    this.#shown = pool.count;
    this.#lanes = pool.lanes.upTo(this.#shown);
    this.#base = scaleLinear().domain([0, pool.largest]);
    this.#scale = this.#base;
    this.#zoom = zoom<HTMLCanvasElement, unknown>().on(
      'zoom',
      ({ transform }: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
        this.#scale = transform.rescaleX(this.#base);
        this.#later();
      },
    );
    select(canvas).call(this.#zoom).on('dblclick.zoom', null);
    new ResizeObserver(() => this.#resize()).observe(canvas);
    this.#resize();
  }

  update(state: State, palette: Palette): void {
    this.#state = state;
    this.#palette = palette;
    const shown = this.pool.filesUpTo(state.entries);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#lanes = this.pool.lanes.upTo(shown);
    }
    this.#later();
  }

  /** What lies at a point of the canvas, in CSS pixels; undefined outside the lanes. */
  placeAt(x: number, y: number): Place | undefined {
    const daxdev = Math.floor(y / this.#pitch);
    const offset = Math.floor(this.#scale.invert(x));
    const lane = this.#lanes[daxdev];
    if (lane === undefined || x < LABELS || offset < 0 || offset >= this.pool.header.daxdevs[daxdev].size)
      return undefined;
    const place = lane.after(offset);
    const there = place < lane.starts.length && lane.starts[place] <= offset;
    return { daxdev, offset, extent: there ? lane.extents[place] : -1 };
  }

  zoomBy(factor: number): void {
    this.#zoom.scaleBy(select(this.canvas), factor);
  }

  panBy(share: number): void {
    const [from, to] = this.#scale.domain();
    this.zoomTo(from + (to - from) * share, to + (to - from) * share);
  }

  whole(): void {
    this.#zoom.transform(select(this.canvas), zoomIdentity);
  }

  /** Shows bytes [from, to) of the daxdevs. */
  zoomTo(from: number, to: number): void {
    const [left, right] = this.#base.range();
    const factor = Math.min(
      Math.max((right - left) / (this.#base(to) - this.#base(from)), 1),
      this.#zoom.scaleExtent()[1],
    );
    const middle = this.#base((from + to) / 2);
    const transform = zoomIdentity
      .translate((left + right) / 2, 0)
      .scale(factor)
      .translate(-middle, 0);
    this.#zoom.transform(select(this.canvas), transform);
  }

  get #pitch(): number {
    const room = (this.canvas.clientHeight - AXIS) / this.pool.header.daxdevs.length;
    return Math.min(room, TALLEST);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.#ratio = fitCanvas(this.canvas);
    const right = Math.max(width - RIGHT, LABELS + 1);
    this.#base = this.#base.copy().range([LABELS, right]);
    const closest = Math.max((this.pool.largest / this.pool.header.unit / (right - LABELS)) * LARGEST_UNIT, 1);
    const corners: [[number, number], [number, number]] = [
      [LABELS, 0],
      [right, height],
    ];
    this.#zoom.extent(corners).translateExtent(corners).scaleExtent([1, closest]);
    this.#zoom.transform(select(this.canvas), zoomIdentity);
  }

  #later(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#draw();
    });
  }

  #draw(): void {
    const context = this.#context;
    const ratio = this.#ratio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const left = Math.round(LABELS * ratio);
    const width = Math.max(this.canvas.width - left - Math.round(RIGHT * ratio), 1);
    const [from, to] = this.#scale.domain();
    const view: View = { from, bytesPerPixel: (to - from) / width };
    const faded = this.#state.selected >= 0;
    const height = Math.max(Math.round((this.#pitch - GAP) * ratio), 1);
    const row = new Uint32Array(width);
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (const [i, lane] of this.#lanes.entries()) {
      paintRow(row, this.pool, i, lane, view, this.#palette, faded);
      for (let y = 0; y < height; y++) pixels.set(row, y * width);
      context.putImageData(image, left, Math.round(i * this.#pitch * ratio));
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.save();
    context.beginPath();
    context.rect(LABELS, 0, width / ratio, this.canvas.clientHeight);
    context.clip();
    this.#drawReserved();
    this.#drawNames();
    this.#drawMarked(this.#state.selected, true);
    if (this.#state.hovered !== this.#state.selected) this.#drawMarked(this.#state.hovered, false);
    this.#drawPoison();
    context.restore();
    this.#drawLabels();
    this.#drawAxis();
  }

  /** Hatches superblock, log and unusable space. */
  #drawReserved(): void {
    const context = this.#context;
    const panel = cssOf(this.#palette.panel);
    const meta = hatch(context, this.#palette.meta, panel, 6);
    const bad = hatch(context, this.#palette.bad, panel, 5);
    for (const [i, { begin, unusable }] of this.pool.header.daxdevs.entries()) {
      this.#rect(i, 0, begin, meta, 2);
      for (let at = 0; at < unusable.length; at += 2) this.#rect(i, unusable[at], unusable[at + 1], bad, 2);
    }
  }

  /** What cannot be read, over all else, and wide enough to be seen. */
  #drawPoison(): void {
    const fill = crossHatch(this.#context, this.#palette.mark, cssOf(this.#palette.panel), 5);
    for (const [i, { poisoned }] of this.pool.header.daxdevs.entries())
      for (let at = 0; at < poisoned.length; at += 2) this.#rect(i, poisoned[at], poisoned[at + 1], fill, 5);
  }

  #rect(daxdev: number, from: number, to: number, fill: string | CanvasPattern, least: number): void {
    const x = this.#scale(from);
    const width = Math.max(this.#scale(to) - x, least);
    if (x + width < LABELS || x > this.canvas.clientWidth) return;
    this.#context.fillStyle = fill;
    this.#context.fillRect(x, daxdev * this.#pitch, width, this.#pitch - GAP);
  }

  /** Writes the names of files into extents that are wide enough. */
  #drawNames(): void {
    const height = this.#pitch - GAP;
    if (height < 12) return;
    const context = this.#context;
    context.font = `${Math.min(12, height - 2)}px ${FONT}`;
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    context.direction = 'ltr';
    const [from, to] = this.#scale.domain();
    let names = 0;
    for (const [i, lane] of this.#lanes.entries()) {
      for (let place = lane.after(from); place < lane.starts.length && lane.starts[place] < to; place++) {
        const x = Math.max(this.#scale(lane.starts[place]), LABELS);
        const width = Math.min(this.#scale(lane.ends[place]), this.canvas.clientWidth - RIGHT) - x;
        if (width < 48) {
          // narrow extents are numerous, and none of them gets a name
          if (this.#scale(lane.ends[place]) - this.#scale(lane.starts[place]) < 8) break;
          continue;
        }
        if (++names > MOST_NAMES) return;
        const file = this.pool.fileOf[lane.extents[place]];
        context.fillStyle = this.#state.selected >= 0 && file !== this.#state.selected ? this.#palette.soft : INK;
        const y = i * this.#pitch;
        fillBox(
          context,
          { x, y, width, height },
          isolated(lastName(this.pool.files.paths[file])),
          y + height / 2 + 0.5,
        );
      }
    }
  }

  /** Highlights all extents of a file, however narrow, with their numbers if there is room. */
  #drawMarked(file: number, strong: boolean): void {
    if (file < 0 || file >= this.#shown) return;
    const context = this.#context;
    const { firstExtents, daxdevs, offsets, lengths } = this.pool.files;
    const height = this.#pitch - GAP;
    context.font = `600 ${Math.min(11, height - 1)}px ${FONT}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (let i = firstExtents[file]; i < firstExtents[file + 1]; i++) {
      const start = this.#scale(offsets[i]);
      const width = Math.max(this.#scale(offsets[i] + lengths[i]) - start, 4);
      const y = daxdevs[i] * this.#pitch;
      if (strong) {
        context.fillStyle = cssOf(rgbOfPixel(this.#palette.files[file]));
        context.fillRect(start, y, width, height);
      }
      context.strokeStyle = this.#palette.mark;
      context.lineWidth = strong ? 2 : 1.5;
      context.strokeRect(start, y + 0.75, width, height - 1.5);
      if (!strong || width < 14 || height < 10 || width >= 60) continue;
      context.fillStyle = INK;
      context.fillText(String(i - firstExtents[file]), start + width / 2, y + height / 2 + 0.5);
    }
  }

  #drawLabels(): void {
    const context = this.#context;
    const { unit, daxdevs } = this.pool.header;
    const size = Math.min(12.5, Math.max(this.#pitch - GAP, 7));
    context.textBaseline = 'middle';
    for (const [i, daxdev] of daxdevs.entries()) {
      const y = i * this.#pitch + (this.#pitch - GAP) / 2 + 0.5;
      const lane = this.#lanes[i];
      const used = lane.usedBefore(Number.MAX_SAFE_INTEGER, lane.starts.length);
      const capacity = capacityOf(daxdev, unit);
      context.font = `600 ${size}px ${FONT}`;
      context.textAlign = 'right';
      context.fillStyle = daxdev.state === 'present' ? this.#palette.text : this.#palette.bad;
      context.fillText(daxdev.state === 'present' ? String(i) : `! ${i}`, 24, y);
      context.font = `${size}px ${FONT}`;
      context.fillStyle = this.#palette.soft;
      const joined = this.#state.entries > daxdev.slot;
      context.fillText(joined ? `${Math.round((used / (capacity || 1)) * 100)}%` : '-', LABELS - 10, y);
    }
  }

  #drawAxis(): void {
    const context = this.#context;
    const top = this.pool.header.daxdevs.length * this.#pitch + 2;
    const [from, to] = this.#scale.domain();
    const [left, right] = this.#scale.range();
    const step = 2 ** Math.ceil(Math.log2(Math.max(((to - from) * 96) / (right - left), 4096)));
    context.font = `11px ${FONT}`;
    context.textAlign = 'center';
    context.textBaseline = 'top';
    context.fillStyle = this.#palette.soft;
    context.strokeStyle = this.#palette.soft;
    context.lineWidth = 1;
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
      const x = Math.round(this.#scale(at)) + 0.5;
      context.beginPath();
      context.moveTo(x, top - GAP);
      context.lineTo(x, top + 3);
      context.stroke();
      context.fillText(exactBytes(at), Math.min(x, this.canvas.clientWidth - 20), top + 5);
    }
  }
}
