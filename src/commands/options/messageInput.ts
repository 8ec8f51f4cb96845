/** Reads a message from a file or standard input. */
import { FamfsError } from '../../fs/errors.js';
import type { Context } from '../../ui/command.js';
import { readInput } from './input.js';

/** bytes; longer than the longest message that any kernel accepts */
const MAX_MESSAGE = 32 * 1024 * 1024;

/** The argument that names a message. */
export const messageArgument = {
  name: 'FILE',
  summary: "the message; standard input without it or for '-'",
  required: false,
} as const;

/** All bytes of a file, or of standard input for '-' or undefined. Throws FMAP_UNREADABLE, FMAP_LARGE and the signal's reason. */
export async function readMessage(context: Context, source = '-'): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of readInput(context, source)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_MESSAGE) throw tooLarge(source);
    }
  } catch (cause) {
    if (context.signal.aborted || cause instanceof FamfsError) throw cause;
    throw new FamfsError('FMAP_UNREADABLE', `cannot read ${source}: ${(cause as Error).message}`, { cause });
  }
  return Buffer.concat(chunks);
}

function tooLarge(source: string): FamfsError {
  return new FamfsError('FMAP_LARGE', `${source}: more than ${MAX_MESSAGE} bytes; no kernel accepts such a large map`);
}
