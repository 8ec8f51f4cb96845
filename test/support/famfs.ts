import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from './root.js';
import type { Sandbox } from './sandbox.js';

/** Options for processes of tests: one that hangs is killed, so that its test fails long before the runner gives up. */
export const GUARD = { timeout: 300_000, killSignal: 'SIGKILL' } as const;

/** The program as it is installed. */
export const FAMFS = join(ROOT, 'dist', 'famfs.cjs');

export interface Ended {
  readonly exitCode: number | null;
  /** the signal it died of, if it did */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with the environment of this process and `env`. */
export async function runProcess(file: string, argv: readonly string[], env: object = {}): Promise<Ended> {
  const child = spawn(file, argv, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], ...GUARD });
  return ended(child);
}

/** Runs a script of bash in a sandbox, where $FAMFS is the program; a command that fails in a pipe fails the pipe. */
export function shellIn({ folder, env }: Sandbox, script: string): Promise<Ended> {
  return runProcess('bash', ['-o', 'pipefail', '-c', `cd '${folder}'; ${script}`], { ...env, FAMFS });
}

/** What a child process wrote and how it ended. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const [[exitCode, signal], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  return { exitCode, signal, stdout, stderr };
}
