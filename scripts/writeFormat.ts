/** Fills the tables of docs/format.md from the declarations in src/format. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTables } from './formatTables.js';

const PAGE = join(import.meta.dirname, '../../docs/format.md');

writeFileSync(PAGE, formatTables(readFileSync(PAGE, 'utf8')));
