/** How full each daxdev is, beside what the placement policy would give: a column for each, a band for what is expected. */
import type { PageBalance } from '../picture/pageData.js';
import { humanBytes } from '../ui/units.js';
import { FONT, fitCanvas } from './canvas.js';
import type { Palette } from './palette.js';

const LABELS = 46;
const TOP = 6;
const BOTTOM = 16;
const WIDEST_COLUMN = 28;
/** pixels between two numbers of daxdevs */
const NUMBER_ROOM = 18;

export class BalanceChart {
  readonly canvas = document.createElement('canvas');
  readonly #low: number;
  readonly #high: number;

  /** @param used bytes of each daxdev */
  constructor(
    readonly used: readonly number[],
    readonly balance: PageBalance,
    readonly palette: Palette,
  ) {
    const all = [...used, ...balance.expected.flat()];
    const least = Math.min(...all);
    const most = Math.max(...all, 1);
    const margin = (most - least) * 0.08 || most * 0.1;
    this.#low = Math.max(least - margin, 0);
    this.#high = most + margin;
    this.canvas.className = 'balance';
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute(
      'aria-label',
      `Bytes used of each daxdev: ${used.map((_, i) => this.words(i)).join('; ')}`,
    );
    this.canvas.addEventListener('pointermove', ({ offsetX }) => {
      const index = Math.floor((offsetX - LABELS) / this.#column);
      this.canvas.title = index in used ? this.words(index) : '';
    });
    new ResizeObserver(() => this.#draw()).observe(this.canvas);
  }

  /** What the column of a daxdev shows. */
  words(index: number): string {
    const [least = 0, , most = 0] = this.balance.expected[index] ?? [];
    const expected = least === most ? humanBytes(least) : `${humanBytes(least)} to ${humanBytes(most)}`;
    return `daxdev ${index}: ${humanBytes(this.used[index] ?? 0)} used, ${this.balance.policy} gives ${expected}`;
  }

  get #column(): number {
    return Math.min((this.canvas.clientWidth - LABELS) / this.used.length, WIDEST_COLUMN);
  }

  #draw(): void {
    const context = this.canvas.getContext('2d') as CanvasRenderingContext2D;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = fitCanvas(this.canvas);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const column = this.#column;
    const bar = Math.max(column * 0.7, 1);
    const y = (bytes: number) => TOP + ((this.#high - bytes) / (this.#high - this.#low)) * (height - TOP - BOTTOM);
    for (const [i, [least, mean, most]] of this.balance.expected.entries()) {
      const x = LABELS + i * column + (column - bar) / 2;
      context.fillStyle = this.palette.soft;
      context.globalAlpha = 0.28;
      context.fillRect(x, y(most) - 1, bar, y(least) - y(most) + 2);
      context.globalAlpha = 1;
      context.fillRect(x, y(mean) - 0.5, bar, 1);
      context.fillStyle = this.palette.text;
      context.beginPath();
      context.arc(x + bar / 2, y(this.used[i] ?? 0), Math.min(3, Math.max(column / 3, 1)), 0, 2 * Math.PI);
      context.fill();
    }
    this.#drawNumbers(context, width, height, y);
  }

  #drawNumbers(context: CanvasRenderingContext2D, width: number, height: number, y: (bytes: number) => number): void {
    context.font = `10.5px ${FONT}`;
    context.fillStyle = this.palette.soft;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    const most = Math.max(...this.used);
    const least = Math.min(...this.used);
    context.fillText(humanBytes(most), LABELS - 6, y(most));
    // two numbers at the same height cannot be read
    if (y(least) - y(most) > 12) context.fillText(humanBytes(least), LABELS - 6, y(least));
    context.textAlign = 'center';
    context.textBaseline = 'bottom';
    const column = this.#column;
    const step = Math.max(Math.ceil(NUMBER_ROOM / column), 1);
    for (let i = 0; i < this.used.length; i += step) {
      const x = LABELS + (i + 0.5) * column;
      if (x < width) context.fillText(String(i), x, height);
    }
  }
}
