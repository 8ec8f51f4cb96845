import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from '../../vm/paths.js';

/** The folder from which the addon is found. */
const FOLDER = join(root, 'out', 'test', 'scenarios', 'hosts');

/**
 * Path of job.js bundled with all its imports: opening a hundred files takes seconds in a guest. The bundle is only replaced
 * when it changes, because guests share the folder and do not notice replaced files.
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
    // CommonJS libraries require the modules of Node.js
    banner: { js: "import{createRequire as fromHere}from'node:module';const require=fromHere(import.meta.url);" },
  });
  const text = outputFiles[0]?.text ?? '';
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return path;
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
  return path;
}
