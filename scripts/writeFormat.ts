/** Writes the generated parts of docs/. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTables } from './checkTables.js';
import { demoOutput } from './demoOutput.js';
import { errorTables } from './errorTables.js';
import { formatTables, imageTables, kernelTables } from './formatTables.js';
import { referenceTables } from './referenceWords.js';
import { roomsPicture } from './roomsPicture.js';

write('format.md', formatTables);
write('kernel-maps.md', kernelTables);
write('metadata-images.md', imageTables);
write('fsck.md', checkTables);
write('errors.md', errorTables);
write('from-the-reference.md', referenceTables);
write('architecture.md', roomsPicture);
write('../README.md', demoOutput);

function write(name: string, fill: (page: string) => string): void {
  const page = join(import.meta.dirname, '../../docs', name);
  writeFileSync(page, fill(readFileSync(page, 'utf8')));
}
