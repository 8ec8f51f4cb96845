import { setImmediate as nextImmediate } from 'node:timers/promises';

/** Lets signals arrive during long work. Throws the signal's reason once it is aborted. */
export async function nextTurn(signal: AbortSignal): Promise<void> {
  await nextImmediate();
  signal.throwIfAborted();
}
