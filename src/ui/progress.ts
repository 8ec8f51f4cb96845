import type { Context } from './command.js';
import { compactJson } from './json.js';
import { escapeText, textWidth } from './text.js';
import { humanBytes } from './units.js';

/** Shorter work shows no progress, in milliseconds. */
const PATIENCE = 1000;

/** Columns for the spinner, and one that stays free, because some terminals wrap when the last one is written. */
const SPINNER_WIDTH = 3;

/** Milliseconds between two objects of --progress=json. */
const PERIOD = 250;

/** With --progress=json, how far the work is, on standard error, on a line of its own. */
export interface ProgressLine {
  readonly progress: ProgressObject;
}

export interface ProgressObject {
  readonly command: string;
  /** what is done: `copying in`, `filling`, `checking pool.img` */
  readonly work: string;
  /** what `done` and `total` count */
  readonly unit: 'bytes' | 'stages';
  readonly done: number;
  readonly total: number;
  /** since the work began */
  readonly seconds: number;
  /** the last object of a work is the only one that is not running: failed after an error, stopped after a signal */
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
}

/** The part of a Context that progress depends on. */
export type ProgressContext = Pick<Context, 'stderr' | 'quiet' | 'json' | 'progress' | 'command' | 'signal'>;

/** Adds to the number of bytes done. */
export type Advance = (bytes: number) => void;

/**
 * Does `work`, and after the first second shows on a terminal how much of its `total` bytes is done, how fast, and how long the
 * rest will take. Shows nothing without a terminal on stderr, with --quiet or with --json. With --progress=json, it writes objects.
 */
export async function withProgress<T>(
  context: ProgressContext,
  label: string,
  total: number,
  work: (advance: Advance) => Promise<T>,
): Promise<T> {
  const { stderr } = context;
  if (context.progress === 'json') return withEvents(context, label, total, work);
  if (context.progress === 'none') return work(() => {});
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

/** Writes objects while `work` is done: the first at once, the last when it has ended, and between them at most one each PERIOD. */
async function withEvents<T>(
  context: ProgressContext,
  label: string,
  total: number,
  work: (advance: Advance) => Promise<T>,
): Promise<T> {
  const events = new ProgressEvents(context, label, 'bytes', total);
  let done = 0;
  try {
    const result = await work((bytes) => {
      done += bytes;
      events.update(done);
    });
    events.end(context.signal.aborted ? 'stopped' : 'done');
    return result;
  } catch (error) {
    events.end(context.signal.aborted ? 'stopped' : 'failed');
    throw error;
  }
}

/** The objects of --progress=json about one piece of work. */
export class ProgressEvents {
  readonly #started = performance.now();
  #done = 0;
  #last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly context: ProgressContext,
    private readonly work: string,
    private readonly unit: ProgressObject['unit'],
    private readonly total: number,
  ) {
    this.update(0);
  }

  update(done: number): void {
    this.#done = done;
    const now = performance.now();
    if (now - this.#last < PERIOD) return;
    this.#last = now;
    this.#write('running');
  }

  end(state: 'done' | 'failed' | 'stopped'): void {
    this.#write(state);
  }

  #write(state: ProgressObject['state']): void {
    const { command, stderr } = this.context;
    const progress: ProgressObject = {
      command,
      work: this.work,
      unit: this.unit,
      done: this.#done,
      total: this.total,
      seconds: (performance.now() - this.#started) / 1000,
      state,
    };
    stderr.write(`${compactJson({ progress })}\n`);
  }
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
