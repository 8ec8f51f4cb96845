import { basename } from 'node:path';
import { program } from './commands/index.js';
import { processFace } from './ui/process.js';
import { CommandLine } from './ui/run.js';
import { trapSignals } from './ui/signals.js';

/** Runs a command line in this process, to its end: `script` is the name the program was called by. */
export async function main(script: string, argv: readonly string[]): Promise<void> {
  const signals = trapSignals();
  const link = program.links.find((name) => basename(script) === `${name}.${program.name}`);
  const words = link === undefined ? argv : [link, ...argv];
  const line = new CommandLine(program, words, processFace(signals.signal));
  process.on('uncaughtException', (error) => process.exit(line.fail(error)));
  // the only place that sets it; what was written has left the process by now
  process.exitCode = await line.run();
  signals.endAs(process.exitCode);
}
