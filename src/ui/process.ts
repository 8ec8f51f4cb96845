import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { ProcessContext } from './run.js';
import { fdSink, type Outlet } from './sink.js';

/** The context of this process. Streams are made on first use: each costs milliseconds that most commands need not pay. */
export function processContext(signals: Pick<ProcessContext, 'signal'>, outlet?: Outlet): ProcessContext {
  let untouched = true;
  return {
    env: process.env,
    cwd: workingDirectory(),
    memo: new Map(),
    get stdin() {
      untouched = false;
      return process.stdin;
    },
    get ownStdin() {
      return untouched ? 0 : undefined;
    },
    get stdout() {
      return listened(process.stdout);
    },
    get stderr() {
      return listened(process.stderr);
    },
    get terminal() {
      return isTerminal(1);
    },
    get umask() {
      return process.umask();
    },
    uid: process.geteuid?.() ?? 0,
    gid: process.getegid?.() ?? 0,
    get signal() {
      return signals.signal;
    },
    sink: fdSink(1, outlet),
  };
}

/**
 * The working directory. If it has no name, because it was deleted, or its name is not UTF-8, the path by which the kernel still
 * finds it. Absolute paths work in any case.
 */
function workingDirectory(): string {
  try {
    const path = process.cwd();
    return path.includes('\ufffd') ? '/proc/self/cwd' : path;
  } catch {
    return '/proc/self/cwd';
  }
}

/** A write error belongs to the caller of the write; the event would end the process and report the error twice. */
function listened<Stream extends NodeJS.WriteStream>(stream: Stream): Stream {
  if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  return stream;
}

/** The devices /dev/null, /dev/zero and /dev/full are of this major number, and terminals are not. */
const MEMORY_DEVICES = 1;

/** The bundle loads node:tty, which is slow, at its first call: so it is asked only about what may be a terminal. */
function isTerminal(fd: number): boolean {
  const stat = fstatSync(fd);
  return stat.isCharacterDevice() && stat.rdev >> 8 !== MEMORY_DEVICES && isatty(fd);
}
