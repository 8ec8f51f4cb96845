/** famfs in the process of a job, with the environment of its host. */
import { type Run, runCommand } from '../../support/runCommand.js';

export async function famfs(argv: readonly string[]): Promise<Run> {
  return runCommand(argv, { env: process.env });
}

/** Runs a command that must succeed, with --json; returns its document. */
export async function famfsJson<T = Record<string, unknown>>(argv: readonly string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await famfs([...argv, '--json']);
  if (exitCode !== 0) throw new Error(`famfs ${argv.join(' ')} exits ${exitCode}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as T;
}
