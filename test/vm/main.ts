import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { whyNoGuest } from './available.js';
import { root } from './paths.js';

/**
 * `npm run test:vm`: all *.vmtest files, two at a time, because each guest keeps a processor busy. Arguments are passed on to
 * node --test (`--test-name-pattern=fsck`).
 */
function main(): number {
  const reason = whyNoGuest();
  if (reason !== undefined) {
    process.stdout.write(`VM tests skipped: ${reason}\n`);
    return 0;
  }
  // listed from the sources: out/ may contain tests that have been deleted
  const files = readdirSync(join(root, 'test', 'vm'))
    .filter((name) => name.endsWith('.vmtest.ts'))
    .map((name) => join(import.meta.dirname, name.replace(/ts$/, 'js')));
  const options = ['--test', '--test-concurrency=2', ...process.argv.slice(2)];
  return spawnSync(process.execPath, [...options, ...files], { stdio: 'inherit' }).status ?? 1;
}

process.exitCode = main();
