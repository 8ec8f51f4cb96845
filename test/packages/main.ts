import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/root.js';
import { installTable, ROWS } from './installs.js';
import { canMount } from './rights.js';

/**
 * `npm run test:packages`: makes each package that famfs is installed from, installs it somewhere empty, and runs the main job
 * there; ends with a table of their sizes and times. Arguments select files by a part of their name, or are passed on to node --test if they begin with a dash.
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
  const folder = mkdtempSync(join(tmpdir(), 'famfs-packages-'));
  const rows = join(folder, 'rows');
  writeFileSync(rows, '');
  // what tests mount is gone with them, even if they are killed
  const alone = canMount ? ['unshare', '--mount', '--propagation', 'private'] : [];
  const [program = '', ...argv] = [...alone, process.execPath, ...options, ...dashed, ...files];
  const { status } = spawnSync(program, argv, {
    stdio: 'inherit',
    env: { ...process.env, [ROWS]: rows },
  });
  for (const line of installTable(rows)) process.stdout.write(`${line}\n`);
  rmSync(folder, { recursive: true });
  return status ?? 1;
}

process.exitCode = main();
