import type { Result, ResultEvent, Style } from './command.js';
import { compactJson, jsonPieces } from './json.js';
import type { Sink } from './sink.js';
import { showCodes } from './style.js';
import { escapeText, isSafe } from './text.js';

/** Characters to gather before a write: fewer system calls, and the capacity of a pipe. */
const BATCH = 65536;
/** Bytes of a piece of text that is written by itself: to copy it would cost more than a write. */
const LONG = 65536;

/**
 * formatVersion of all JSON documents. It increases when a field is renamed, removed or gets another meaning, not for a new
 * field.
 */
export const FORMAT_VERSION = 1;

/** How often to check for a reader while nothing is written, in milliseconds. */
const LOOK_FOR_READER = 250;

/** Standard output could not be written, so the result is lost although the command has done its work. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly code = 'OUTPUT';
  hint?: string;

  constructor(cause: unknown) {
    super('cannot write to standard output', { cause });
  }
}

/**
 * Writes a result as JSON, or as text if `style` is given, and then events as they come. It is no error if the reader has gone
 * away (`| head`).
 * @throws OutputError the text could not be written in full, and what `events` throws
 */
export async function writeResult(sink: Sink, result: Result, style: Style | undefined): Promise<void> {
  const raw = style && result.bytes;
  let open = await writeAll(
    sink,
    raw ? [raw] : batches(style ? textPieces(await result.text(style)) : documentPieces(result)),
  );
  if (!open || result.events === undefined) return;
  const events = result.events[Symbol.asyncIterator]();
  while (open) {
    const next = await beforeReaderLeaves(events.next(), sink);
    if (next === undefined || next.done) return;
    open = await writeAll(sink, batches(eventPieces(next.value, style)));
  }
}

/** The result of `event`, or undefined if the reader goes away first. */
async function beforeReaderLeaves<T>(event: Promise<T>, sink: Sink): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const gone = new Promise<undefined>((resolve) => {
    timer = setInterval(() => sink.hasReader?.() === false && resolve(undefined), LOOK_FOR_READER);
  });
  try {
    return await Promise.race([event, gone]);
  } finally {
    clearInterval(timer);
  }
}

/** Returns false if the reader has gone away. */
async function writeAll(sink: Sink, parts: Iterable<string | Uint8Array>): Promise<boolean> {
  for (const part of parts) {
    try {
      await sink.write(part);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return false;
      throw new OutputError(error);
    }
  }
  return true;
}

function* eventPieces(
  events: Iterable<ResultEvent | Uint8Array>,
  style: Style | undefined,
): Generator<string | Uint8Array> {
  for (const event of events)
    if (event instanceof Uint8Array) yield event;
    else yield `${style ? shown(event.line(style)) : compactJson(event.data)}\n`;
}

function* textPieces(lines: Iterable<string | Uint8Array>): Generator<string | Uint8Array> {
  for (const line of lines) yield typeof line === 'string' ? `${shown(line)}\n` : line;
}

/** The marks of our own codes are not ASCII, so nearly all lines pass unchanged. */
function shown(line: string): string {
  return isSafe(line) ? line : showCodes(escapeText(line));
}

/** On one line where events follow, which are lines too. */
function* documentPieces({ data, events }: Result): Generator<string | Uint8Array> {
  const document = { formatVersion: FORMAT_VERSION, ...data };
  if (events === undefined) yield* jsonPieces(document);
  else yield compactJson(document);
  yield '\n';
}

function* batches(pieces: Iterable<string | Uint8Array>): Generator<string | Uint8Array> {
  const batch = new Batch();
  for (const piece of pieces) {
    const long = typeof piece !== 'string' && piece.length >= LONG;
    if (!long) batch.add(piece);
    if (!long && batch.length < BATCH) continue;
    yield* batch.take();
    if (long) yield piece;
  }
  yield* batch.take();
}

/** Gathers short pieces: strings as long as there is nothing else, then bytes. */
class Batch {
  /** what follows the bytes */
  #text = '';
  #bytes: Buffer = Buffer.alloc(0);
  #used = 0;

  /** Characters and bytes. */
  get length(): number {
    return this.#used + this.#text.length;
  }

  add(piece: string | Uint8Array): void {
    if (typeof piece === 'string') {
      this.#text += piece;
      return;
    }
    this.#endText();
    this.#room(piece.length).set(piece, this.#used);
    this.#used += piece.length;
  }

  /** What was gathered, if it is anything; bytes are valid until more is added. */
  *take(): Generator<string | Uint8Array> {
    if (this.#used > 0) this.#endText();
    if (this.length > 0) yield this.#used > 0 ? this.#bytes.subarray(0, this.#used) : this.#text;
    this.#text = '';
    this.#used = 0;
  }

  #endText(): void {
    if (this.#text !== '') this.#used += this.#room(3 * this.#text.length).write(this.#text, this.#used);
    this.#text = '';
  }

  /** The bytes, with room for more. */
  #room(more: number): Buffer {
    const needed = this.#used + more;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * needed, 2 * BATCH));
      larger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}
