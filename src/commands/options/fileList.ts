/** The lists of files that creat takes besides its operands. */
import { decodePath, pathBytes } from '../../format/path.js';
import { FamfsError } from '../../fs/errors.js';
import type { Context } from '../../ui/command.js';
import { named, UsageError } from '../../ui/errors.js';
import { parseSize } from '../../ui/size.js';
import { readInput } from './input.js';
import { NO_MODE, type PlainFiles, PlainLines } from './plainLines.js';
import { LongRecordError, MAX_RECORD, readRecords } from './records.js';

/** A file in a list; without a mode, the command's own applies. */
export interface ListedFile {
  readonly path: string;
  /** bytes */
  readonly size: number;
  readonly mode: number | undefined;
}

const FIELDS_A_FILE = 3;
const NEWLINE = Buffer.from('\n');
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
 * The files that the lines of a file, or of standard input for '-', list: as columns if all lines are plain. Throws UsageError with
 * the number of a bad line, LIST_UNREADABLE, and the signal's reason.
 */
export function readFileLines(context: Context, source: string): Promise<PlainFiles | ListedFile[]> {
  return explained(context, source, '--from', async () => {
    const chunks = readInput(context, source);
    const plain = new PlainLines();
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const { done, value } = await chunks.next();
      // the last line may lack its newline
      const more = done ? NEWLINE : value;
      const bytes = rest.length === 0 ? more : Buffer.concat([rest, more]);
      rest = done && rest.length === 0 ? rest : bytes.subarray(plain.read(bytes));
      if (rest.includes(NEWLINE) || rest.length > MAX_RECORD) break;
      if (done) return plain.files;
    }
    return carefully(plain, continued(rest, chunks));
  });
}

/** The files of lines that were read, and of those that follow, of which some are not plain. */
async function carefully(plain: PlainLines, chunks: AsyncIterable<Buffer>): Promise<ListedFile[]> {
  const files = listedFiles(plain.files);
  let number = plain.lines;
  for await (const lines of readRecords(chunks, '\n', number)) {
    for (const line of lines) {
      const file = parseLine(line.endsWith('\r') ? line.slice(0, -1) : line, `--from: line ${++number}`);
      if (file !== undefined) files.push(file);
    }
  }
  return files;
}

async function* continued(rest: Buffer, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield rest;
  yield* chunks;
}

/** Plain files one by one. */
export function listedFiles({ paths, pathEnds, sizes, modes }: PlainFiles): ListedFile[] {
  const text = Buffer.from(paths.buffer, paths.byteOffset, paths.length).toString('latin1');
  return Array.from(sizes, (size, i) => ({
    path: text.slice(i === 0 ? 0 : pathEnds[i - 1], pathEnds[i]),
    size,
    mode: modes[i] === NO_MODE ? undefined : modes[i],
  }));
}

/**
 * The files that a file, or standard input for '-', lists as three fields each, path, size and mode, that all end with NUL.
 * Throws as readFileLines does.
 */
export async function readFileFields(context: Context, source: string): Promise<ListedFile[]> {
  const fields = await explained(context, source, '--from0', async () => {
    const all: string[] = [];
    for await (const more of readRecords(readInput(context, source), '\0')) all.push(...more);
    return all;
  });
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

/** Runs work that reads a list, and explains its errors. */
async function explained<T>(
  context: Context,
  source: string,
  option: '--from' | '--from0',
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
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
  if (/^[ \t]*(?:#.*)?$/s.test(line)) return undefined;
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
