/** Reads a file, pipe or terminal that is named on the command line, by the cheapest way. */
import type { Context } from '../../ui/command.js';
import { readOwnInput } from './ownInput.js';

/**
 * The bytes of `source`, or of standard input for '-'. Throws the signal's reason when a signal comes, even when the writer
 * of a pipe died of the same signal and the input only seems to have ended; and what the system calls throw.
 */
export async function* readInput(context: Context, source: string): AsyncGenerator<Buffer> {
  // node:net, which a stream needs, is slow to load
  yield* readOwnInput(context, source) ?? (await import('./streamInput.js')).readByStream(context, source);
}
