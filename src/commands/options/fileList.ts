/** The lists of files that creat takes besides its operands. */
import { decodePath, pathBytes } from '../../format/path.js';
import { FamfsError } from '../../fs/errors.js';
import type { Context } from '../../ui/command.js';
import { named, UsageError } from '../../ui/errors.js';
import { parseSize } from '../../ui/size.js';
import { LongRecordError, MAX_RECORD, readRecords } from './records.js';

/** A file in a list; without a mode, the command's own applies. */
export interface ListedFile {
  readonly path: string;
  /** bytes */
  readonly size: number;
  readonly mode: number | undefined;
}

const FIELDS_A_FILE = 3;
/** path, quoted or not; size; mode */
const LINE = /^[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^ \t"][^ \t]*))[ \t]+([^ \t]+)(?:[ \t]+([^ \t]+))?[ \t]*$/;
/** what the reference takes for a size and a seed; the last part alone would be another size */
const SIZE_AND_SEED = /,(?:0x[\da-f]+|\d+[kmgt]?),(?:0x[\da-f]+|\d+)$/i;
const JSON_KEYS = ['path', 'size', 'mode'];
/** characters of a bad line to show in its error */
const EXCERPT = 60;

/** `file,size`; the last comma counts, because a path may contain commas. Throws UsageError. */
export function splitMulti(text: string): ListedFile {
  if (SIZE_AND_SEED.test(text))
    throw new UsageError(
      `--multi: '${text}' ends in a size and a seed, as for the reference tools`,
      'give --seed N, which is for all files; a path that ends like this can be listed with --from',
    );
  const comma = text.lastIndexOf(',');
  if (comma < 1) throw new UsageError(`--multi: '${text}' is not FILE,SIZE`, 'write it as --multi data/file,64M');
  return { path: text.slice(0, comma), size: sizeOf('--multi', text.slice(comma + 1)), mode: undefined };
}

/**
 * The files that the lines of a file, or of standard input for '-', list. Throws UsageError with the number of a bad line,
 * LIST_UNREADABLE, and the signal's reason.
 */
export async function readFileLines(context: Context, source: string): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  let number = 0;
  for await (const lines of records(context, source, '--from', '\n')) {
    for (const line of lines) {
      const file = parseLine(line.endsWith('\r') ? line.slice(0, -1) : line, `--from: line ${++number}`);
      if (file !== undefined) files.push(file);
    }
  }
  return files;
}

/**
 * The files that a file, or standard input for '-', lists as three fields each, path, size and mode, that all end with NUL.
 * Throws as readFileLines does.
 */
export async function readFileFields(context: Context, source: string): Promise<ListedFile[]> {
  const fields: string[] = [];
  for await (const more of records(context, source, '--from0', '\0')) fields.push(...more);
  if (fields.length % FIELDS_A_FILE !== 0)
    throw new UsageError(
      `--from0: the list has ${fields.length} fields, and a file has three`,
      'end path, size and mode of each file with NUL; the mode may be empty',
    );
  return Array.from({ length: fields.length / FIELDS_A_FILE }, (_, i) => {
    const [path = '', size = '', mode] = fields.slice(i * FIELDS_A_FILE, (i + 1) * FIELDS_A_FILE);
    const where = `--from0: file ${i + 1}`;
    return { path, size: sizeOf(where, size), mode: modeOf(where, mode === '' ? undefined : mode) };
  });
}

async function* records(
  context: Context,
  source: string,
  option: '--from' | '--from0',
  end: '\n' | '\0',
): AsyncGenerator<string[]> {
  try {
    // node:net, which it needs, is loaded only for a list
    const { readInput } = await import('./input.js');
    yield* readRecords(readInput(context, source), end);
  } catch (error) {
    const what = option === '--from' ? 'line' : 'field';
    if (error instanceof LongRecordError)
      throw new UsageError(`${option}: ${what} ${error.number} has more than ${MAX_RECORD} bytes`);
    if (context.signal.aborted || error instanceof UsageError) throw error;
    throw new FamfsError('LIST_UNREADABLE', `${option}: cannot read ${source}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Undefined for a line without a file. */
function parseLine(line: string, where: string): ListedFile | undefined {
  if (/^[ \t]*(?:#.*)?$/.test(line)) return undefined;
  if (line.startsWith('{')) return parseJson(line, where);
  if (line.startsWith('\ufeff'))
    throw new UsageError(`${where} begins with a byte-order mark`, 'save the list as UTF-8 without one');
  const [, quoted, plain = '', size = '', mode] = LINE.exec(line) ?? [];
  if (size === '')
    throw new UsageError(
      `${where}: '${excerpt(line)}' is not 'path size [mode]'`,
      'write a path with blanks in double quotes: "my file" 64M',
    );
  const path = quoted === undefined ? plain : unquote(quoted, where);
  return { path, size: sizeOf(where, size), mode: modeOf(where, mode) };
}

function parseJson(line: string, where: string): ListedFile {
  const { path, size, mode, ...rest } = jsonObject(line, where);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw new UsageError(`${where}: a file has no '${excerpt(unknown)}'`, `its keys are ${JSON_KEYS.join(', ')}`);
  if (typeof path !== 'string') throw new UsageError(`${where}: 'path' is not a string`);
  if (typeof size !== 'string' && !Number.isSafeInteger(size))
    throw new UsageError(`${where}: 'size' is neither a whole number nor a string`);
  if (mode !== undefined && typeof mode !== 'string')
    throw new UsageError(`${where}: 'mode' is not a string`, 'write it as "0644"');
  return { path, size: sizeOf(where, String(size)), mode: modeOf(where, mode) };
}

function jsonObject(line: string, where: string): Record<string, unknown> {
  try {
    return JSON.parse(line);
  } catch {
    throw new UsageError(`${where}: '${excerpt(line)}' is not JSON`, 'write a path that begins with { in quotes');
  }
}

/** Replaces the escapes \" and \\ and \xNN, which is a byte. */
function unquote(text: string, where: string): string {
  const parts = text.split(/(\\(?:x[0-9a-f]{2}|.))/i).map((part) => {
    if (!part.startsWith('\\')) return pathBytes(part);
    if (part === '\\"' || part === '\\\\') return Buffer.from(part.slice(1));
    if (part.length === 4) return Buffer.of(Number.parseInt(part.slice(2), 16));
    throw new UsageError(`${where}: '${part}' is not an escape`, 'the escapes in quotes are \\" and \\\\ and \\xNN');
  });
  return decodePath(Buffer.concat(parts));
}

function modeOf(where: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-7]{1,5}$/.test(text)) throw new UsageError(`${where}: '${excerpt(text)}' is not an octal mode`);
  const bits = Number.parseInt(text, 8);
  if (bits > 0o7777) throw new UsageError(`${where}: mode ${text} is above 7777`);
  return bits;
}

function sizeOf(where: string, text: string): number {
  return named(where, () => parseSize(text));
}

function excerpt(text: string): string {
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT)}...` : text;
}
