import { famfs } from '../cli.js';

/** What one command printed with --json: a document or an error. */
export interface Done {
  readonly exitCode: number;
  readonly document?: Record<string, unknown>;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

/** Runs commands one by one with --json. */
export default async function commands(list: readonly (readonly string[])[]): Promise<Done[]> {
  const done: Done[] = [];
  for (const argv of list) {
    const { exitCode, stdout, stderr } = await famfs([...argv, '--json']);
    const error = stderr.split('\n').find((line) => line.startsWith('{"error"'));
    const document = stdout === '' ? {} : { document: JSON.parse(stdout) };
    done.push({ exitCode, ...document, ...(error !== undefined && { error: JSON.parse(error).error }) });
  }
  return done;
}
