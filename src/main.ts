import type { ChildProcess } from 'node:child_process';
import { basename } from 'node:path';
import { program } from './commands/index.js';
import { keepServer } from './commands/mounting/serverProcess.js';
import { addon, loadedAddon } from './native/addon.js';
import { processContext } from './ui/process.js';
import { CommandLine } from './ui/run.js';
import { trapSignals } from './ui/signals.js';
import type { Outlet } from './ui/sink.js';

export { setAddonFile } from './native/addon.js';

/** What a command that has not loaded the addon writes goes without it: loading takes longer. */
const OUTLET: Outlet = {
  hasReader: (fd) => addon().hasReader(fd),
  writeAtOnce: (fd, bytes) => loadedAddon()?.writeAtOnce(fd, bytes) ?? 0,
};

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
  const line = new CommandLine(program, words, processContext(signals, OUTLET));
  process.on('uncaughtException', (error) => process.exit(line.fail(error)));
  const exitCode = await line.run();
  signals.endAs(exitCode);
  return exitCode;
}

/** Variables that ask Node.js for more than to run a program. */
const ASK_NODE = ['NODE_OPTIONS', 'NODE_V8_COVERAGE'];

/**
 * Ends this process. The end of Node.js frees piece by piece what the kernel frees anyway, which takes longer than a small
 * command; it is left out unless somebody has asked for something that happens then, as a report of the code that ran.
 */
export function leave(exitCode: number): never {
  const { execArgv, env } = process;
  const plain = execArgv.length === 0 && ASK_NODE.every((name) => env[name] === undefined);
  if (plain && process.listenerCount('exit') === 0) loadedAddon()?.exitNow(exitCode);
  process.exit(exitCode);
}

/** Words that Node.js may have changed, as they were given. */
async function exact(argv: readonly string[]): Promise<readonly string[]> {
  const { exactWords } = await import('./argv.js');
  return exactWords(argv.length);
}
