/** What the canvases of the page have in common. */

export const FONT = 'system-ui, "DejaVu Sans", sans-serif';
/** colour of text on the colours of files */
export const INK = '#0b0e13';

/** Gives a canvas a pixel for each of the screen, but at most two for a CSS pixel in a row; returns how many those are. */
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

/** Writes text into a box, cut off at its right side; `y` is that of the text, in the font and colour of the context. */
export function fillBox(context: CanvasRenderingContext2D, box: Box, text: string, y: number): void {
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width - 3, box.height);
  context.clip();
  context.fillText(text, box.x + 4, y);
  context.restore();
}
