/** One row of pixels of a lane; all rows of a lane are equal. */
import type { Lane } from '../picture/lane.js';
import { mix, type Palette, pixel, rgbOfPixel } from './palette.js';
import type { Pool } from './pool.js';

export interface View {
  /** byte at the left end */
  readonly from: number;
  readonly bytesPerPixel: number;
}

/** an extent with at least this many pixels gets a line at its start */
const SEPARATED = 5;
/** share of a pixel's colour that even the smallest extent gets, so that it is visible */
const FAINTEST = 0.25;

/** Fills `row`, one element per pixel: free, or the colour of the first extent there, mixed by the share that is used. */
export function paintRow(
  row: Uint32Array,
  pool: Pool,
  daxdev: number,
  lane: Lane,
  view: View,
  palette: Palette,
  faded: boolean,
): void {
  const { size } = pool.header.daxdevs[daxdev];
  const colours = faded ? palette.faded : palette.files;
  const panel = pixel(palette.panel);
  const free = pixel(palette.free);
  const count = lane.starts.length;
  const { from, bytesPerPixel } = view;
  let place = lane.after(from);
  let usedBefore = lane.usedBefore(from, place);
  for (let x = 0; x < row.length; x++) {
    const start = from + x * bytesPerPixel;
    const end = start + bytesPerPixel;
    // a few steps of linear search are enough for most pixels
    let next = place;
    for (let steps = 0; next < count && lane.ends[next] <= end; next++) {
      if (++steps > 8) {
        next = lane.after(end);
        break;
      }
    }
    const used = lane.usedBefore(end, next);
    const share = (used - usedBefore) / bytesPerPixel;
    if (start >= size || end <= 0) row[x] = panel;
    else if (share <= 0 || place === count) row[x] = free;
    else {
      const colour = colours[pool.fileOf[lane.extents[place]]];
      const begins = lane.starts[place] >= start && lane.ends[place] - lane.starts[place] >= SEPARATED * bytesPerPixel;
      if (begins) row[x] = panel;
      else if (share > 0.999) row[x] = colour;
      else row[x] = pixel(mix(palette.free, rgbOfPixel(colour), Math.max(share, FAINTEST)));
    }
    place = next;
    usedBefore = used;
  }
}
