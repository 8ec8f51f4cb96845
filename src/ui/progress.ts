import type { Context } from './command.js';
import { escapeText, textWidth } from './text.js';
import { humanBytes } from './units.js';

/** Shorter work shows no progress, in milliseconds. */
const PATIENCE = 1000;

/** Columns for the spinner, and one that stays free, because some terminals wrap when the last one is written. */
const SPINNER_WIDTH = 3;

/** Adds to the number of bytes done. */
export type Advance = (bytes: number) => void;

/**
 * Does `work`, and after the first second shows on a terminal how much of its `total` bytes is done, how fast, and how long the
 * rest will take. Shows nothing without a terminal on stderr, with --quiet or with --json.
 */
export async function withProgress<T>(
  context: Pick<Context, 'stderr' | 'quiet' | 'json'>,
  label: string,
  total: number,
  work: (advance: Advance) => Promise<T>,
): Promise<T> {
  const { stderr } = context;
  // on a terminal that does not know its width, ora clears lines without end
  if (context.quiet || context.json || !stderr.isTTY || !stderr.columns) return work(() => {});
  const started = performance.now();
  let done = 0;
  // asked each time: the terminal may become narrower
  const room = () => (stderr.columns ?? 0) - SPINNER_WIDTH;
  const line = () => progressLine(label, done, total, (performance.now() - started) / 1000, room());
  const display = showLater(context.stderr, line);
  try {
    return await work((bytes) => {
      done += bytes;
      display.update();
    });
  } finally {
    display.stop();
  }
}

/** `copying: 1.5G of 20G (7%), 1.2G/s, 15 s left`, or as much of it as fits into `room` columns: at least `7%`. */
export function progressLine(
  label: string,
  done: number,
  total: number,
  seconds: number,
  room = Number.POSITIVE_INFINITY,
): string {
  const percent = `${total === 0 ? 100 : Math.floor((100 * done) / total)}%`;
  const rate = done / seconds;
  const left = done === 0 ? '' : `, ${timeText((total - done) / rate)} left`;
  const amount = `${escapeText(label)}: ${humanBytes(done)} of ${humanBytes(total)} (${percent})`;
  const lines = [`${amount}, ${humanBytes(rate)}/s${left}`, `${amount}${left}`, amount, `${percent}${left}`, percent];
  return lines.find((line) => textWidth(line) <= room) ?? percent;
}

function timeText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function showLater(stream: Context['stderr'], line: () => string): { update(): void; stop(): void } {
  let spinner: { text: string; stop(): unknown } | undefined;
  let stopped = false;
  const start = async () => {
    const { default: ora } = await import('ora');
    if (stopped) return;
    // ora's care for stdin and the cursor comes with signal handlers, which are not its to install here
    spinner = ora({ text: line(), stream, discardStdin: false, hideCursor: false }).start();
  };
  const timer = setTimeout(() => void start(), PATIENCE);
  return {
    update() {
      if (spinner) spinner.text = line();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}
