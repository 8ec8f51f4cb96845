#!/usr/bin/env node
import fs from 'node:fs';
import { basename } from 'node:path';
import { version } from './version.js';

const [, script = '', ...argv] = process.argv;

if (argv[0] === '--version' || argv[0] === '-V') {
  printVersion();
} else {
  void run();
}

/** Loads nothing, and so ends twice as soon as any command. */
function printVersion(): void {
  try {
    fs.writeSync(1, `famfs ${version}\n`);
  } catch (error) {
    fs.writeSync(2, `famfs: cannot write to standard output: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

async function run(): Promise<void> {
  const [{ program }, { CommandLine }, { processFace }, { trapSignals }] = await Promise.all([
    import('./commands/index.js'),
    import('./ui/run.js'),
    import('./ui/process.js'),
    import('./ui/signals.js'),
  ]);
  const signals = trapSignals();
  const link = program.links.find((name) => basename(script) === `${name}.${program.name}`);
  const words = link === undefined ? argv : [link, ...argv];
  const line = new CommandLine(program, words, processFace(signals.signal));
  process.on('uncaughtException', (error) => process.exit(line.fail(error)));
  process.exitCode = await line.run();
  signals.endAs(process.exitCode);
}
