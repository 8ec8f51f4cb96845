/** Colours of the page: 32-bit pixels for images, CSS for everything else. */
import { fileColour, type Rgb } from '../picture/colour.js';
import type { Pool } from './pool.js';
import type { State } from './state.js';

export interface Palette {
  /** one pixel value for each file */
  readonly files: Uint32Array;
  /** the same, faded while another file is selected */
  readonly faded: Uint32Array;
  readonly panel: Rgb;
  readonly free: Rgb;
  readonly text: string;
  readonly soft: string;
  readonly meta: string;
  readonly bad: string;
  readonly mark: string;
}

export function paletteOf(pool: Pool, { theme, grey }: State): Palette {
  const style = getComputedStyle(document.documentElement);
  const css = (name: string) => style.getPropertyValue(name).trim();
  const panel = rgbOf(css('--panel'));
  const files = new Uint32Array(pool.count);
  const faded = new Uint32Array(pool.count);
  for (let file = 0; file < pool.count; file++) {
    const colour = fileColour(pool.directories.of[file].rank, file, theme, grey);
    files[file] = pixel(colour);
    faded[file] = pixel(mix(panel, colour, 0.3));
  }
  return {
    files,
    faded,
    panel,
    free: rgbOf(css('--free')),
    text: css('--text'),
    soft: css('--soft'),
    meta: css('--meta'),
    bad: css('--bad'),
    mark: css('--mark'),
  };
}

/** `share` of `b` on `a`. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const part = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * share);
  return [part(0), part(1), part(2)];
}

/** An opaque pixel for ImageData, in this machine's byte order. */
export function pixel([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

export function rgbOfPixel(value: number): Rgb {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255];
}

export function cssOf(colour: Rgb): string {
  return `rgb(${colour.join(' ')})`;
}

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >>> 16, (value >>> 8) & 255, value & 255];
}

/** A pattern of slanted lines, for differences that must show without colour. */
export function hatch(context: CanvasRenderingContext2D, colour: string, back: string, gap: number): CanvasPattern {
  return pattern(context, colour, back, gap, false);
}

/** A pattern of crossed lines. */
export function crossHatch(
  context: CanvasRenderingContext2D,
  colour: string,
  back: string,
  gap: number,
): CanvasPattern {
  return pattern(context, colour, back, gap, true);
}

function pattern(
  context: CanvasRenderingContext2D,
  colour: string,
  back: string,
  gap: number,
  crossed: boolean,
): CanvasPattern {
  const tile = document.createElement('canvas');
  tile.width = gap;
  tile.height = gap;
  const draw = tile.getContext('2d') as CanvasRenderingContext2D;
  draw.fillStyle = back;
  draw.fillRect(0, 0, gap, gap);
  draw.strokeStyle = colour;
  draw.lineWidth = gap / 4;
  for (const shift of [-gap, 0, gap]) {
    draw.beginPath();
    draw.moveTo(shift, gap);
    draw.lineTo(shift + gap, 0);
    if (crossed) {
      draw.moveTo(shift, 0);
      draw.lineTo(shift + gap, gap);
    }
    draw.stroke();
  }
  return context.createPattern(tile, 'repeat') as CanvasPattern;
}
