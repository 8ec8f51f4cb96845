/** Pages of famfs map --html, taken apart. */
import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { type PageData, readPageData } from '../../src/picture/pageData.js';

export interface PageParts {
  readonly policy: string;
  /** what its program and style sheet hash to */
  readonly hashes: readonly string[];
  readonly data: PageData;
  /** the page without program, style sheet and pool */
  readonly markup: string;
}

export function takeApart(page: string): PageParts {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  const scripts = [...page.matchAll(/<script type="module">([\s\S]*?)<\/script>/g)];
  const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)];
  const base64 = /id="pool-data">([^<]*)</.exec(page)?.[1] ?? '';
  const hashes = [...scripts, ...styles].map(([, text = '']) => createHash('sha256').update(text).digest('base64'));
  const markup = page.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '');
  return { policy, hashes, data: readPageData(inflateRawSync(Buffer.from(base64, 'base64'))), markup };
}
