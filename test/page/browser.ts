/** The page of famfs map --html as a reader has it. Run by `npm run test:page`; screenshots go to FAMFS_SCREENSHOTS. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { hex } from '../../src/ui/units.js';
import { withPoison } from '../support/poison.js';
import { PoolSandbox } from '../support/pool.js';
import { checkGolden, distance, isClose, reduced } from './golden.js';
import { openPage, startBrowser, whyNoBrowser } from './stand.js';

const MIB = 1024 ** 2;
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const SCREENSHOTS = process.env.FAMFS_SCREENSHOTS;

const HOSTILE = [
  '<script>globalThis.pwned=1<',
  '"><img src=x onerror=globalThis.pwned=1>',
  '<b onmouseover=globalThis.pwned=1>',
  '\u202egpj.exe',
  '\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd',
  '\u{1f600}'.repeat(19),
  'plain.bin',
  '&lt;i&gt;',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what the name is to look like
  '${globalThis.pwned=1}',
  "'+alert(1)+'",
];

interface Maps {
  readonly files: readonly {
    readonly path: string;
    readonly extents: readonly { readonly daxdev: number; readonly deviceOffset: number; readonly length: number }[];
  }[];
}

const skip = whyNoBrowser() ?? false;
let browser: Browser;

before(async () => {
  if (!skip) browser = await startBrowser();
});
after(async () => browser?.close());

/** The pool of ten files with hostile names, and its page. */
async function smallPage(): Promise<{ sandbox: PoolSandbox; path: string }> {
  const sandbox = new PoolSandbox();
  await sandbox.makePool(256, 256, 128);
  const fields = HOSTILE.flatMap((name, i) => [name, `${10 + i}M`, '']);
  writeFileSync(sandbox.path('list'), fields.map((field) => `${field}\0`).join(''));
  await sandbox.ok(['creat', '--from0', 'list', '--stripes', '3', '--policy', 'spread']);
  await sandbox.ok(['map', '--html', 'page.html']);
  return { sandbox, path: sandbox.path('page.html') };
}

async function screenshot(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** Waits until the page has shown the last change. */
function twoFrames(page: Page): Promise<unknown> {
  return page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Milliseconds of each frame while the lanes are zoomed and panned, and while the slider moves. */
function frameTimes(page: Page): Promise<{ zoom: number[]; slider: number[] }> {
  return page.evaluate(async () => {
    const lanes = document.getElementById('lanes') as HTMLCanvasElement;
    const time = document.getElementById('time') as HTMLInputElement;
    const measure = async (change: (i: number) => void) => {
      const times: number[] = [];
      let last = await new Promise<number>(requestAnimationFrame);
      for (let i = 0; i < 60; i++) {
        change(i);
        const now = await new Promise<number>(requestAnimationFrame);
        times.push(now - last);
        last = now;
      }
      return times;
    };
    const zoom = await measure((i) => {
      const place = { clientX: lanes.getBoundingClientRect().left + 200, clientY: 200 };
      lanes.dispatchEvent(
        new WheelEvent('wheel', { deltaY: i < 30 ? -60 : 60, bubbles: true, cancelable: true, ...place }),
      );
    });
    const slider = await measure((i) => {
      time.value = String((Number(time.max) * (i + 1)) / 60);
      time.dispatchEvent(new Event('input'));
    });
    return { zoom, slider };
  });
}

/** `median 17, slowest 40 ms` */
function described(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  return `median ${sorted[sorted.length >> 1]?.toFixed(0)}, slowest ${sorted.at(-1)?.toFixed(0)} ms`;
}

/** Bytes that the lane of a daxdev shows as used, by the pixels of its canvas that differ from the colour of free space. */
function usedByPixels(page: Page, daxdev: number, daxdevs: number, largest: number): Promise<number> {
  return page.evaluate(
    ([index, count, size]) => {
      const canvas = document.getElementById('lanes') as HTMLCanvasElement;
      const ratio = canvas.width / canvas.clientWidth;
      const pitch = Math.min((canvas.clientHeight - 22) / count, 96);
      const [left, right] = [Math.round(74 * ratio), canvas.width - Math.round(8 * ratio)];
      const y = Math.round((index * pitch + pitch / 2 - 2) * ratio);
      const pixels = canvas.getContext('2d')?.getImageData(left, y, right - left, 1).data ?? new Uint8ClampedArray();
      const style = getComputedStyle(document.documentElement);
      const rgb = (name: string) => Number.parseInt(style.getPropertyValue(name).trim().slice(1), 16);
      const backs = [rgb('--free'), rgb('--panel')];
      let used = 0;
      for (let i = 0; i < pixels.length; i += 4) {
        const colour = ((pixels[i] ?? 0) << 16) | ((pixels[i + 1] ?? 0) << 8) | (pixels[i + 2] ?? 0);
        if (!backs.includes(colour)) used++;
      }
      return (used / (right - left)) * size;
    },
    [daxdev, daxdevs, largest] as const,
  );
}

test('names are shown as text, whatever they contain', { skip }, async () => {
  const { path } = await smallPage();
  for (const screen of [DESKTOP, PHONE]) {
    const { page, complaints } = await openPage(browser, path, screen);
    await checkGolden(browser, page, `ten-files-${screen.width}`);
    for (const name of ['pwned', 'gpj.exe', '\u05e9\u05dc\u05d5\u05dd', '\u{1f600}', 'lt;i', 'alert']) {
      await page.fill('#search', name);
      const found = await page.locator('#matches li').allTextContents();
      assert.ok(found.length > 0 && found.every((text) => text.includes(name)), name);
      await page.keyboard.press('Enter');
      await page.waitForFunction((text) => document.querySelector('#details h2')?.textContent?.includes(text), name);
      await page.keyboard.press('Escape');
    }
    await page.fill('#search', '');
    for (let x = 80; x < screen.width - 20; x += 25) await page.mouse.move(x, 180);
    await screenshot(page, `ten-files-${screen.width}`);
    assert.equal(await page.evaluate(() => 'pwned' in globalThis), false);
    assert.equal(await page.locator('bdi *').count(), 0);
    assert.deepEqual(complaints, []);
    await page.close();
  }
});

test('lanes show as many bytes as are allocated, at the end and at each moment of the log', { skip }, async () => {
  const { sandbox, path } = await smallPage();
  const { page } = await openPage(browser, path, DESKTOP);
  const { files } = await sandbox.json<Maps>(['showfmap', '--all']);
  // two daxdevs joined before the first file
  for (const entries of [12, 9, 3, 2]) {
    await page.locator('#time').fill(String(entries));
    await page.waitForFunction(
      (text) => document.querySelector('#moment')?.textContent?.startsWith(text),
      `${entries} of 12`,
    );
    await twoFrames(page);
    for (const daxdev of [0, 1, 2]) {
      const extents = files
        .slice(0, entries - 2)
        .flatMap((file) => file.extents.filter((one) => one.daxdev === daxdev));
      // hatching of superblock and log counts too
      const least = extents.reduce((sum, { length }) => sum + length, 0);
      const drawn = await usedByPixels(page, daxdev, 3, 256 * MIB);
      const metadata = daxdev === 0 ? 10 * MIB : 2 * MIB;
      assert.ok(
        drawn >= least - 3 * MIB && drawn <= least + metadata + 3 * MIB,
        `${entries} ${daxdev}: ${drawn} ${least}`,
      );
    }
  }
  await page.close();
});

test('the comparison with golden screenshots notices another theme, missing hues, and fewer files', {
  skip,
}, async () => {
  const { path } = await smallPage();
  const { page } = await openPage(browser, path, DESKTOP);
  const before = await reduced(browser, page);
  assert.ok(isClose(await distance(browser, before, await reduced(browser, page))));
  for (const key of ['t', 'g']) {
    await page.keyboard.press(key);
    await twoFrames(page);
    assert.ok(!isClose(await distance(browser, before, await reduced(browser, page))), key);
    await page.keyboard.press(key);
  }
  await page.locator('#time').fill('5');
  await twoFrames(page);
  assert.ok(!isClose(await distance(browser, before, await reduced(browser, page))), 'fewer files');
  await page.close();
});

test('poison and balance are shown', { skip }, async () => {
  const sandbox = new PoolSandbox();
  const [primary = ''] = await sandbox.makePool(64, 32);
  await sandbox.ok(['creat', '-s', '8M', '--policy', 'fill', 'a', 'b', 'c']);
  const argv = ['map', '--check-poison', 'files', '--html', 'page.html'];
  await withPoison(primary, 64 * MIB, 20 * MIB, () => sandbox.ok(argv));
  const { page, complaints } = await openPage(browser, sandbox.path('page.html'), DESKTOP);
  const details = page.locator('#details');
  assert.match((await details.textContent()) ?? '', /poison14M in 1 range \(used memory was read\)/);
  assert.match((await page.textContent('#legend')) ?? '', /poison/);
  assert.match((await page.getAttribute('canvas.balance', 'aria-label')) ?? '', /daxdev 0: 24M used, random gives/);
  await screenshot(page, 'poison');
  for (const [name, words] of Object.entries({
    a: undefined,
    b: '6M of it cannot be read',
    c: '8M of it cannot be read',
  })) {
    await page.keyboard.press(']');
    await page.waitForFunction((text) => document.querySelector('#details h2')?.textContent === text, name);
    const text = (await details.textContent()) ?? '';
    assert.equal(text.includes('cannot be read'), words !== undefined);
    assert.ok(words === undefined || text.includes(words), text);
  }
  assert.deepEqual(complaints, []);
  await page.close();
});

test('the image is sound XML, whatever the names are', { skip }, async () => {
  const { sandbox } = await smallPage();
  await sandbox.ok(['map', '--svg', 'pool.svg']);
  const page = await browser.newPage();
  const names = await page.evaluate(
    (text) => {
      const image = new DOMParser().parseFromString(text, 'image/svg+xml');
      const elements = [...image.querySelectorAll('*')];
      return elements.map((element) => [element.namespaceURI, element.localName].join(' '));
    },
    readFileSync(sandbox.path('pool.svg'), 'utf8'),
  );
  const allowed = ['svg', 'title', 'style', 'defs', 'pattern', 'path', 'rect', 'text'];
  const known = new Set(allowed.map((name) => `http://www.w3.org/2000/svg ${name}`));
  assert.deepEqual(
    names.filter((name) => !known.has(name)),
    [],
  );
  await page.close();
});

test('a file is found by path and by address, and shows its strips in order', { skip }, async () => {
  const { sandbox, path } = await smallPage();
  const { page } = await openPage(browser, path, DESKTOP);
  const { files } = await sandbox.json<Maps>(['showfmap', '--all']);
  const file = files.find((one) => one.path === 'plain.bin');
  assert.ok(file !== undefined);
  const rows = () => page.locator('#details table tr').allTextContents();
  const expected = file.extents.map(
    ({ daxdev, deviceOffset, length }, i) => `${i}${daxdev}${hex(deviceOffset)}${length / MIB}M`,
  );
  await page.fill('#search', '/plain');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#details table td');
  assert.deepEqual((await rows()).slice(1), expected);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('#details h2')?.textContent === 'The pool');
  const [, second] = file.extents;
  await page.fill('#search', `${second?.daxdev} ${hex((second?.deviceOffset ?? 0) + 1)}`);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#details h2')?.textContent === 'plain.bin');
  await page.fill('#search', '0 0');
  assert.deepEqual(await page.locator('#matches li').allTextContents(), ['no file has 0x0 of daxdev 0']);
  await screenshot(page, 'found');
  await page.close();
});

test('the image draws as many bytes as are allocated on large daxdevs too', { skip }, async () => {
  const sandbox = new PoolSandbox();
  const paths = [0, 1].map((i) => sandbox.image(`p${i}.img`, 1024 ** 4));
  await sandbox.ok(['mkfs', ...paths]);
  sandbox.env.FAMFS_DEV = paths[0] as string;
  await sandbox.ok(['creat', '-s', '100G', '--stripes', '2', ...Array.from({ length: 9 }, (_, i) => `f${i}`)]);
  await sandbox.ok(['map', '--svg', 'pool.svg']);
  const page = await browser.newPage({ viewport: { width: 1200, height: 200 } });
  await page.goto(pathToFileURL(sandbox.path('pool.svg')).href);
  const colours = await page.evaluate(async () => {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([document.documentElement.outerHTML], { type: 'image/svg+xml' }));
    await image.decode();
    const canvas = new OffscreenCanvas(1200, 60);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(image, 0, 0);
    return Array.from(context.getImageData(64, 55, 1120, 1).data);
  });
  // free space is #e6e9ee
  const used = colours.filter((red, i) => i % 4 === 0 && red !== 0xe6).length / 1120;
  assert.ok(Math.abs(used - 450 / 1024) < 0.02, `${used} of the lane is drawn`);
  await page.close();
});

test('the keyboard reaches all of it', { skip }, async () => {
  const { path } = await smallPage();
  const { page, complaints } = await openPage(browser, path, { ...DESKTOP, scheme: 'dark' });
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  const heading = () => page.textContent('#details h2');
  await page.keyboard.press(']');
  await page.waitForFunction((name) => document.querySelector('#details h2')?.textContent === name, HOSTILE[0]);
  await page.keyboard.press(']');
  await page.waitForFunction((name) => document.querySelector('#details h2')?.textContent === name, HOSTILE[1]);
  for (const key of ['Enter', '+', '-', 'ArrowLeft', 'ArrowRight', '0', 'g', ',', '.']) await page.keyboard.press(key);
  assert.equal(await page.getAttribute('#grey', 'aria-pressed'), 'true');
  await page.keyboard.press('t');
  await page.waitForSelector('html[data-theme="light"]', { state: 'attached' });
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'search');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  assert.ok(await page.locator('#help').isVisible());
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('#details h2')?.textContent === 'The pool');
  assert.equal(await heading(), 'The pool');
  assert.deepEqual(complaints, []);
  await page.close();
});

test('the page of 100,000 files stays below 10 MB, and shows them', { skip }, async (t) => {
  const sandbox = new PoolSandbox();
  const paths = Array.from({ length: 24 }, (_, i) => sandbox.image(`p${i}.img`, 256 * 1024 * MIB));
  await sandbox.ok(['mkfs', '--loglen', '64M', ...paths]);
  sandbox.env.FAMFS_DEV = paths[0] as string;
  await sandbox.ok(['mkdir', ...Array.from({ length: 50 }, (_, i) => `job${i}`)]);
  const lines = Array.from({ length: 100_000 }, (_, i) => `job${(i * 7) % 50}/part-${i} ${2 + (i % 31)}M`);
  writeFileSync(sandbox.path('list'), lines.join('\n'));
  await sandbox.ok(['creat', '--from', 'list', '--stripes', '16', '--alloc-seed', '1']);
  await sandbox.ok(['map', '--html', 'page.html']);
  const { size } = statSync(sandbox.path('page.html'));
  assert.ok(size < 10 * MIB, String(size));
  for (const screen of [DESKTOP, PHONE]) {
    const { page, complaints } = await openPage(browser, sandbox.path('page.html'), screen);
    assert.match((await page.textContent('#summary')) ?? '', /100,000 files on 24 daxdevs/);
    const paint = await page.evaluate(() => performance.getEntriesByType('paint').map(({ startTime }) => startTime));
    const ready = await page.evaluate(() => performance.now());
    t.diagnostic(`${size} bytes, ${screen.width} wide: first paint ${paint[0]} ms, all shown ${ready} ms`);
    await screenshot(page, `100000-files-${screen.width}`);
    await checkGolden(browser, page, `100000-files-${screen.width}`);
    const { zoom, slider } = await frameTimes(page);
    t.diagnostic(`a frame of zooming: ${described(zoom)}; of the slider: ${described(slider)}`);
    assert.deepEqual(complaints, []);
    await page.close();
  }
});
