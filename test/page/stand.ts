/** A page of famfs map --html in a headless Chromium, for one test. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';

/** where Debian's package chromium puts it */
const CHROMIUM = process.env.FAMFS_CHROMIUM ?? '/usr/bin/chromium';

/** Why these tests cannot run here; undefined when they can. */
export function whyNoBrowser(): string | undefined {
  return existsSync(CHROMIUM) ? undefined : `there is no ${CHROMIUM}; install chromium, or set FAMFS_CHROMIUM`;
}

export async function startBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  // a container has no namespaces for the sandbox; the pages are our own
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}

export interface OpenedPage {
  readonly page: Page;
  /** errors, refusals of the policy, and requests for anything but the page itself */
  readonly complaints: readonly string[];
}

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly scheme?: 'light' | 'dark';
}

/** Opens a page and waits until it has shown its pool. */
export async function openPage(browser: Browser, path: string, screen: Screen): Promise<OpenedPage> {
  const { width, height, scheme = 'light' } = screen;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  const complaints: string[] = [];
  const url = pathToFileURL(path).href;
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (request.url() !== url) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector('html[data-ready]', { state: 'attached', timeout: 120_000 });
  return { page, complaints };
}
