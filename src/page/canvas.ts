/** Helpers that the canvases of the page share. */

export const FONT = 'system-ui, "DejaVu Sans", sans-serif';
/** colour of text on the colours of files */
export const INK = '#0b0e13';

/** Sizes a canvas to the pixels of the screen, with at most two per CSS pixel in each direction; returns that number. */
export function fitCanvas(canvas: HTMLCanvasElement): number {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  canvas.width = Math.max(Math.round(canvas.clientWidth * ratio), 1);
  canvas.height = Math.max(Math.round(canvas.clientHeight * ratio), 1);
  return ratio;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Writes text into a box, cut off at its right side; `y` is the baseline, font and colour are those of the context. */
export function fillBox(context: CanvasRenderingContext2D, box: Box, text: string, y: number): void {
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width - 3, box.height);
  context.clip();
  context.fillText(text, box.x + 4, y);
  context.restore();
}
