import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/root.js';

/**
 * `npm run test:packages`: makes each package that famfs is installed from, installs it somewhere empty, and runs the main job
 * there. Arguments select files by a part of their name, or are passed on to node --test if they begin with a dash.
 */
function main(): number {
  const args = process.argv.slice(2);
  const words = args.filter((arg) => !arg.startsWith('-'));
  // listed from the sources: out/ may contain tests that have been deleted
  const files = readdirSync(join(ROOT, 'test', 'packages'))
    .filter((name) => name.endsWith('.pkgtest.ts'))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .map((name) => join(import.meta.dirname, name.replace(/ts$/, 'js')));
  // one after the other: each keeps all processors busy while it builds
  const options = ['--enable-source-maps', '--test', '--test-concurrency=1', '--test-reporter=spec'];
  const dashed = args.filter((arg) => arg.startsWith('-'));
  return spawnSync(process.execPath, [...options, ...dashed, ...files], { stdio: 'inherit' }).status ?? 1;
}

process.exitCode = main();
