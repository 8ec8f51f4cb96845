import type { ChildProcess } from 'node:child_process';
import { basename } from 'node:path';
import { program } from './commands/index.js';
import { keepServer } from './commands/mounting/serverProcess.js';
import { addon } from './native/addon.js';
import { processContext } from './ui/process.js';
import { CommandLine } from './ui/run.js';
import { trapSignals } from './ui/signals.js';

export { setAddonFile } from './native/addon.js';

/**
 * Runs a command line in this process: `script` is the name the program was called by. Returns the exit code.
 * @param server what startServerEarly has started for it
 */
export async function main(script: string, argv: readonly string[], server?: ChildProcess): Promise<number> {
  keepServer(server);
  const signals = trapSignals();
  const link = program.links.find((name) => basename(script) === `${name}.${program.name}`);
  const given = argv.some((word) => word.includes('\ufffd')) ? await exact(argv) : argv;
  const words =
    link === undefined ? given : [link, ...given.map((word) => program.linkOptions?.[link]?.[word] ?? word)];
  const line = new CommandLine(
    program,
    words,
    processContext(signals.signal, (fd) => addon().hasReader(fd)),
  );
  process.on('uncaughtException', (error) => process.exit(line.fail(error)));
  const exitCode = await line.run();
  signals.endAs(exitCode);
  return exitCode;
}

/** Words that Node.js may have changed, as they were given. */
async function exact(argv: readonly string[]): Promise<readonly string[]> {
  const { exactWords } = await import('./argv.js');
  return exactWords(argv.length);
}
