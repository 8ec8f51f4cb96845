import type { Result, Style } from './command.js';
import { jsonPieces } from './json.js';
import type { Sink } from './sink.js';
import { showCodes } from './style.js';
import { escapeText } from './text.js';

/** Characters gathered before a write: fewer system calls, and what a pipe holds. */
const BATCH = 65536;

/** Standard output could not be written, so the result is lost although the command has done its work. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly code = 'OUTPUT';

  constructor(cause: unknown) {
    super('cannot write to standard output', { cause });
  }
}

/**
 * Writes a result as JSON, or as text when `style` is given. A reader that has gone away (`| head`) is no error.
 * @throws OutputError the text could not be written in full
 */
export async function writeResult(sink: Sink, result: Result, style: Style | undefined): Promise<void> {
  const pieces = style ? textPieces(await result.text(style)) : documentPieces(result.data);
  for (const batch of batches(pieces)) {
    try {
      await sink.write(batch);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return;
      throw new OutputError(error);
    }
  }
}

function* textPieces(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${showCodes(escapeText(line))}\n`;
}

function* documentPieces(data: object): Generator<string> {
  yield* jsonPieces(data);
  yield '\n';
}

function* batches(pieces: Iterable<string>): Generator<string> {
  let batch = '';
  for (const piece of pieces) {
    batch += piece;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}
