/** Running commands on hosts and judging their results. */
import assert from 'node:assert/strict';
import { jobFile } from './jobFile.js';
import type { TestHost } from './testHost.js';

// made when the tests are loaded, before a guest reads the folder
const program = jobFile();

/** Runs a script that must succeed; returns its standard output. */
export async function ok(host: TestHost, script: string): Promise<string> {
  const { status, stdout, stderr } = await host.run(script);
  assert.equal(status, 0, `${script}: ${stderr}${stdout}`);
  return stdout;
}

/** Runs one famfs command, which must succeed, with --json; returns its document. */
export async function json<T = Record<string, unknown>>(host: TestHost, command: string): Promise<T> {
  return JSON.parse(await ok(host, `${command} --json`)) as T;
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly devices?: readonly { readonly path: string; readonly what: string }[];
}

/** Runs one famfs command, which must fail, with --json; returns its error. */
export async function refusal(host: TestHost, command: string): Promise<Refusal> {
  const { status, stdout, stderr } = await host.run(`${command} --json`);
  const line = stderr.split('\n').find((text) => text.startsWith('{"error"'));
  assert.ok(status !== 0 && line !== undefined, `${command} exits ${status}: ${stderr}${stdout}`);
  return { status, ...JSON.parse(line).error };
}

/** Runs a file of jobs/ in a process on a host; its assertions must hold. Returns its result. */
export async function job<T>(host: TestHost, name: string, args: object): Promise<T> {
  return JSON.parse(await ok(host, `'${process.execPath}' '${program}' ${name} '${JSON.stringify(args)}'`)) as T;
}
