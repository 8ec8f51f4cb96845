import { getEventListeners } from 'node:events';
import { Interrupted, type StopSignal } from './errors.js';

/** How long a command that does not listen may go on after the first signal, in milliseconds. */
const GRACE = 1000;

export interface Signals {
  /** aborted with an Interrupted on the first SIGINT or SIGTERM */
  readonly signal: AbortSignal;
  /** if `exitCode` tells of the signal that came, ends this process by it, as its parent expects */
  endAs(exitCode: number): void;
}

/**
 * Turns the first SIGINT or SIGTERM into an abort. A command that listens has the time it needs to end in good order;
 * any other ends soon; a second signal of the same kind ends it at once, as it would without us.
 */
export function trapSignals(): Signals {
  const controller = new AbortController();
  const { signal } = controller;
  const trap = (name: StopSignal) => {
    if (signal.aborted) return;
    if (getEventListeners(signal, 'abort').length === 0) setTimeout(() => end(name), GRACE).unref();
    controller.abort(new Interrupted(name));
  };
  process.once('SIGINT', trap);
  process.once('SIGTERM', trap);
  return {
    signal,
    endAs(exitCode) {
      if (signal.reason instanceof Interrupted && signal.reason.exitCode === exitCode) end(signal.reason.signal);
    },
  };
}

/** Dies of the signal instead of exiting with 128 + n: a shell stops its loop only then, and calls it 128 + n itself. */
function end(name: StopSignal): void {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
