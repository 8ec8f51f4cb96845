/**
 * Screenshots compared with golden ones, loosely: both are reduced to an eighth of their width and height, where fonts and
 * antialiasing hardly count and colours, lanes and boxes do. FAMFS_GOLDEN=write replaces the golden ones.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';

const FOLDER = new URL('../../../test/page/golden/', import.meta.url);
const SCALE = 1 / 8;
/** mean difference of a channel, 0 to 255 */
const MOST_MEAN = 5;
/** a pixel is wrong if one of its channels differs by more */
const WRONG = 48;
/** share of pixels that may be wrong */
const MOST_WRONG = 0.05;

export interface Distance {
  readonly mean: number;
  readonly wrong: number;
}

/** A screenshot, reduced, as PNG. */
export async function reduced(browser: Browser, page: Page): Promise<Buffer> {
  const png = await page.screenshot();
  const blank = await browser.newPage();
  const url = await blank.evaluate(
    async ([data, scale]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL('image/png');
    },
    [png.toString('base64'), SCALE] as const,
  );
  await blank.close();
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

/** How far two reduced screenshots are from each other; infinitely if they differ in size. */
export async function distance(browser: Browser, one: Buffer, other: Buffer): Promise<Distance> {
  const blank = await browser.newPage();
  const result = await blank.evaluate(
    async ([first, second, wrongFrom]) => {
      const pixels = async (data: string) => {
        const image = new Image();
        image.src = `data:image/png;base64,${data}`;
        await image.decode();
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
        context?.drawImage(image, 0, 0);
        return context?.getImageData(0, 0, image.width, image.height) as ImageData;
      };
      const [a, b] = [await pixels(first), await pixels(second)];
      if (a.width !== b.width || a.height !== b.height) return { mean: 255, wrong: 1 };
      let sum = 0;
      let wrong = 0;
      for (let i = 0; i < a.data.length; i += 4) {
        let most = 0;
        for (let channel = i; channel < i + 3; channel++) {
          const difference = Math.abs((a.data[channel] ?? 0) - (b.data[channel] ?? 0));
          sum += difference;
          most = Math.max(most, difference);
        }
        if (most > wrongFrom) wrong++;
      }
      const count = a.data.length / 4;
      return { mean: sum / count / 3, wrong: wrong / count };
    },
    [one.toString('base64'), other.toString('base64'), WRONG] as const,
  );
  await blank.close();
  return result;
}

export function isClose({ mean, wrong }: Distance): boolean {
  return mean <= MOST_MEAN && wrong <= MOST_WRONG;
}

/** Compares what the page shows with the golden screenshot of that name, and returns how far they are from each other. */
export async function checkGolden(browser: Browser, page: Page, name: string): Promise<Distance> {
  const path = fileURLToPath(new URL(`${name}.png`, FOLDER));
  const found = await reduced(browser, page);
  if (process.env.FAMFS_GOLDEN === 'write') writeFileSync(path, found);
  const away = await distance(browser, found, readFileSync(path));
  const numbers = `mean difference ${away.mean.toFixed(1)}, ${(away.wrong * 100).toFixed(1)}% of pixels wrong`;
  assert.ok(isClose(away), `${name}: ${numbers}; look at it, and if it is right run with FAMFS_GOLDEN=write`);
  return away;
}
