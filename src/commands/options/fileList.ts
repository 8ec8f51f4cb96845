/** The lists of files that creat takes besides its operands. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FamfsError } from '../../fs/errors.js';
import type { Context } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { parseSize } from '../../ui/size.js';

/** A file in a list; where it gives no mode, the command's own applies. */
export interface ListedFile {
  readonly path: string;
  /** bytes */
  readonly size: number;
  readonly mode: number | undefined;
}

/** `file,size`; the size is behind the last comma, as a path may have some. Throws UsageError. */
export function splitMulti(text: string): ListedFile {
  const comma = text.lastIndexOf(',');
  if (comma < 1) throw new UsageError(`--multi: '${text}' is not FILE,SIZE`, 'write it as --multi data/file,64M');
  return { path: text.slice(0, comma), size: sizeOf('--multi', text.slice(comma + 1)), mode: undefined };
}

/** The requests in a file, or on standard input for '-'. Throws UsageError with the number of a bad line. */
export async function readRequests(context: Context, source: string): Promise<ListedFile[]> {
  const text = source === '-' ? await readAll(context) : readList(context, source);
  const files: ListedFile[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() !== '') files.push(parseLine(line, `--from: line ${i + 1}`));
  }
  return files;
}

function parseLine(line: string, where: string): ListedFile {
  const [path = '', size, mode, ...rest] = line.trim().split(/\s+/);
  if (size === undefined || rest.length > 0)
    throw new UsageError(
      `${where}: '${line.trim()}' is not 'path size [mode]'`,
      'a path with blanks can be made with --multi',
    );
  if (mode !== undefined && !/^[0-7]{1,5}$/.test(mode))
    throw new UsageError(`${where}: '${mode}' is not an octal mode`);
  const bits = mode === undefined ? undefined : Number.parseInt(mode, 8);
  if (bits !== undefined && bits > 0o7777) throw new UsageError(`${where}: mode ${mode} is above 7777`);
  return { path, size: sizeOf(where, size), mode: bits };
}

function sizeOf(where: string, text: string): number {
  try {
    return parseSize(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${where}: ${error.message}`, error.hint);
  }
}

function readList(context: Context, source: string): string {
  try {
    return readFileSync(resolve(context.cwd, source), 'utf8');
  } catch (error) {
    throw new FamfsError('LIST_UNREADABLE', `--from: cannot read ${source}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function readAll(context: Context): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of context.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
