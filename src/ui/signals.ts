import { getEventListeners } from 'node:events';
import { fstatSync, readFileSync } from 'node:fs';
import { Interrupted, STOP_SIGNALS, type StopSignal } from './errors.js';

/** How long a command that does not listen may go on after the first signal, in milliseconds. */
const GRACE = 1000;

export interface Signals {
  /** aborted with an Interrupted on the first signal that stops a command; made when it is first asked for, as many commands do not */
  readonly signal: AbortSignal;
  /** if `exitCode` is that of the signal that came, ends this process by the signal, as its parent expects */
  endAs(exitCode: number): void;
}

/**
 * Turns the first SIGINT, SIGTERM, SIGHUP or SIGQUIT into an abort. A command that listens has the time it needs to end in good
 * order; any other is ended soon. A second signal of the same kind ends the process at once, as without this code.
 */
export function trapSignals(): Signals {
  let controller: AbortController | undefined;
  let reason: Interrupted | undefined;
  const parent = process.ppid;
  const trap = (name: StopSignal) => {
    if (name === 'SIGHUP' && ignoresHangup(parent)) {
      process.once(name, trap);
      return;
    }
    if (reason !== undefined) return;
    const listened = controller !== undefined && getEventListeners(controller.signal, 'abort').length > 0;
    if (!listened) setTimeout(() => end(name), GRACE).unref();
    reason = new Interrupted(name);
    controller?.abort(reason);
  };
  for (const name of Object.keys(STOP_SIGNALS) as StopSignal[]) process.once(name, trap);
  return {
    get signal() {
      if (controller === undefined) {
        controller = new AbortController();
        if (reason !== undefined) controller.abort(reason);
      }
      return controller.signal;
    },
    endAs(exitCode) {
      if (reason?.exitCode === exitCode) end(reason.signal);
    },
  };
}

/** Ends by the signal instead of exiting with 128 + n: only then does a shell stop its loop, and it reports 128 + n itself. */
function end(name: StopSignal): void {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

/**
 * Whether this process was started to outlive its terminal. Node.js has undone an ignored SIGHUP before any of our code
 * runs, so it is inferred: the parent ignores the signal (`trap '' HUP`), or standard input is what nohup puts in the place
 * of a terminal, /dev/null that can only be written to.
 */
function ignoresHangup(parent: number): boolean {
  return maskOf(parent, 'SigIgn') % 2n === 1n || isFromNohup();
}

/** A mask of signals in /proc/PID/status; SIGHUP is its lowest bit. 0 for a process that is gone. */
function maskOf(pid: number, name: string): bigint {
  const [, mask = '0'] = new RegExp(`^${name}:\\s*([\\da-f]+)$`, 'm').exec(readOrEmpty(`/proc/${pid}/status`)) ?? [];
  return BigInt(`0x${mask}`);
}

function isFromNohup(): boolean {
  const [, flags = '0'] = /^flags:\s*([0-7]+)$/m.exec(readOrEmpty('/proc/self/fdinfo/0')) ?? [];
  return (Number.parseInt(flags, 8) & 3) === 1 && fstatSync(0).isCharacterDevice();
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
