/** Fills the tables of docs/format.md and docs/kernel-maps.md from the declarations in src/format. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTables, kernelTables } from './formatTables.js';

write('format.md', formatTables);
write('kernel-maps.md', kernelTables);

function write(name: string, fill: (page: string) => string): void {
  const page = join(import.meta.dirname, '../../docs', name);
  writeFileSync(page, fill(readFileSync(page, 'utf8')));
}
