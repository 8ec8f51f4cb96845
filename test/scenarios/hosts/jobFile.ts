import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from '../../vm/paths.js';

/** Where the addon is found from, as from all that is compiled. */
const FOLDER = join(root, 'out', 'test', 'scenarios', 'hosts');

/**
 * Path of job.js with all that it imports in one file: in a guest, opening a hundred files takes seconds. It is replaced
 * only when it changes, for guests that see the folder do not like files that become others.
 */
export function jobFile(): string {
  const path = join(FOLDER, 'job.bundle.mjs');
  const { outputFiles } = buildSync({
    entryPoints: [join(FOLDER, 'job.js')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifyWhitespace: true,
    write: false,
    // libraries that are CommonJS ask for node's modules so
    banner: { js: "import{createRequire as fromHere}from'node:module';const require=fromHere(import.meta.url);" },
  });
  const text = outputFiles[0]?.text ?? '';
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return path;
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
  return path;
}
