import { setImmediate as nextImmediate } from 'node:timers/promises';

/** files to place before signals get a chance to arrive */
export const FILES_AT_A_TIME = 1000;

/** Lets signals arrive during long work. Throws the signal's reason once it is aborted. */
export async function nextTurn(signal: AbortSignal): Promise<void> {
  await nextImmediate();
  signal.throwIfAborted();
}
