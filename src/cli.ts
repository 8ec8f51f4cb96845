#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { loadCached } from './codeCache.js';
import { version } from './version.js';

/** The bundle of main.ts, beside this file; the build knows its name. */
declare const MAIN_FILE: string;

const [, script = '', ...argv] = process.argv;

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  printVersion();
} else {
  const main = loadCached(join(import.meta.dirname, MAIN_FILE)) as typeof import('./main.js');
  // What was written has left the process by then. To let it run out would take longer, and would wait for what a command
  // was waiting for when its reader went away.
  void main.main(script, argv).then((exitCode) => process.exit(exitCode));
}

/** Before the program is loaded: this takes hardly longer than node itself. */
function printVersion(): void {
  try {
    writeSync(1, `famfs ${version}\n`);
  } catch (error) {
    writeSync(2, `famfs: cannot write to standard output: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
