import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manPages } from './manPages.js';

const FOLDER = 'man';

const pages = await manPages(FOLDER);
for (const [name, text] of pages) await writeFile(join(FOLDER, name), text);
const gone = (await readdir(FOLDER)).filter((name) => /\.[18]$/.test(name) && !pages.has(name));
for (const name of gone) await rm(join(FOLDER, name));
