import { PassThrough, Writable } from 'node:stream';
import { program } from '../../src/commands/index.js';
import type { Program } from '../../src/ui/registry.js';
import { CommandLine, type ProcessContext } from '../../src/ui/run.js';
import { streamSink } from '../../src/ui/sink.js';
import { asksJson, checkJson } from './jsonDocuments.js';

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `famfs ...argv` in this process, as a script would: no terminal, no environment unless given. What --json writes
 * must be as its schema says.
 */
export async function runCommand(argv: readonly string[], overrides: Partial<ProcessContext> = {}): Promise<Run> {
  const run = await runProgram(program, argv, overrides);
  if (asksJson(argv)) await checkJson(argv, run);
  return run;
}

/** The same for a program of the test's own. */
export async function runProgram(
  ours: Program,
  argv: readonly string[],
  overrides: Partial<ProcessContext>,
): Promise<Run> {
  const stdout = new Captured();
  const stderr = new Captured();
  const context: ProcessContext = {
    env: {},
    cwd: process.cwd(),
    memo: new Map(),
    stdin: new PassThrough().end(),
    stdout,
    stderr,
    terminal: false,
    umask: 0o022,
    uid: process.geteuid?.() ?? 0,
    gid: process.getegid?.() ?? 0,
    signal: new AbortController().signal,
    sink: streamSink(overrides.stdout ?? stdout),
    ...overrides,
  };
  const exitCode = await new CommandLine(ours, argv, context).run();
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

class Captured extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    // what is written may be used again once it is
    this.#chunks.push(Buffer.from(chunk));
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}
