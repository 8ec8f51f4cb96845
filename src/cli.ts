#!/usr/bin/env node
import { join } from 'node:path';
import { loadCached } from './codeCache.js';
import { startServerEarly } from './commands/mounting/serverProcess.js';
import { printVersion } from './printVersion.js';

/** The bundle of main.ts, beside this file; the build knows its name. */
declare const MAIN_FILE: string;

const [, script = '', ...argv] = process.argv;

if (!printVersion(argv)) {
  const server = startServerEarly(script, argv, process.env);
  const main = loadCached(join(import.meta.dirname, MAIN_FILE)) as typeof import('./main.js');
  // What was written has left the process by then. To let it run out would take longer, and would wait for what a command
  // was waiting for when its reader went away.
  void main.main(script, argv, server).then(main.leave);
}
