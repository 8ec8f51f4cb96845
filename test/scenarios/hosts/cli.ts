/** famfs in the process of a job, with the environment of its host. */
import { program } from '../../../src/commands/index.js';
import { type Run, runProgram } from '../../support/runCommand.js';

/** Guests have no docs/json to hold what is written to. */
export async function famfs(argv: readonly string[]): Promise<Run> {
  return runProgram(program, argv, { env: process.env });
}

/** Runs a command that must succeed, with --json; returns its document. */
export async function famfsJson<T = Record<string, unknown>>(argv: readonly string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await famfs([...argv, '--json']);
  if (exitCode !== 0) throw new Error(`famfs ${argv.join(' ')} exits ${exitCode}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as T;
}
