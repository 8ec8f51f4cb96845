/** Progress of a check: on a descriptor for front ends of fsck(8), on the terminal for people. */
import { fstatSync, writeSync } from 'node:fs';
import { STAGES, type Stage } from '../../fs/fsck/checks/inspect.js';
import type { Context } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { ProgressEvents } from '../../ui/progress.js';
import { escapeText } from '../../ui/text.js';

export interface CheckProgress {
  /** a stage of the check of `name` begins; the one before it is done */
  begin(name: string, stage: Stage): void;
  /** the last stage is done, or the check has failed */
  end(failed?: boolean): void;
}

/** The descriptor that stands for the terminal, as with e2fsck(8). */
const TERMINAL = 0;

/**
 * Shows progress on the descriptor: `PASS DONE TOTAL NAME` on a line for each stage as it begins and ends, in the format of
 * e2fsck(8); 0 means a line on the terminal. Shows nothing for undefined, or for a negative number, which fsck(8) passes while it
 * shows another check. Throws UsageError for a descriptor that is not open.
 */
export function checkProgress(context: Context, fd: number | undefined): CheckProgress {
  const { stderr, progress } = context;
  if (fd === undefined && progress === 'json') return asEvents(context);
  if (fd === undefined || fd < 0 || (fd === TERMINAL && !stderr.isTTY)) return { begin() {}, end() {} };
  if (fd === TERMINAL) return onTerminal(stderr);
  requireOpen(fd);
  let last = '';
  const tell = (line: string) => {
    try {
      writeSync(fd, line);
    } catch {
      // a slow or stopped reader misses a line, but the check continues
    }
  };
  const end = () => {
    if (last !== '') tell(last);
    last = '';
  };
  return {
    begin(name, stage) {
      end();
      const pass = STAGES.indexOf(stage) + 1;
      tell(`${pass} 0 1 ${escapeText(name)}\n`);
      last = `${pass} 1 1 ${escapeText(name)}\n`;
    },
    end,
  };
}

/** Objects of --progress=json: stages are done of those that a check has; a file system that needs fewer jumps to the end. */
function asEvents(context: Context): CheckProgress {
  let checked: string | undefined;
  let events: ProgressEvents | undefined;
  const end = (failed = false) => {
    if (!failed) events?.update(STAGES.length);
    events?.end(context.signal.aborted ? 'stopped' : failed ? 'failed' : 'done');
    events = undefined;
  };
  return {
    begin(name, stage) {
      if (name !== checked) end();
      checked = name;
      events ??= new ProgressEvents(context, `checking ${name}`, 'stages', STAGES.length);
      events.update(STAGES.indexOf(stage));
    },
    end,
  };
}

function onTerminal(stderr: Context['stderr']): CheckProgress {
  const CLEAR = '\r\x1b[K';
  return {
    begin(name, stage) {
      const text = `${escapeText(name)}: pass ${STAGES.indexOf(stage) + 1} of ${STAGES.length}, ${stage}`;
      stderr.write(`${CLEAR}${text.slice(0, (stderr.columns || 80) - 1)}`);
    },
    end: () => void stderr.write(CLEAR),
  };
}

function requireOpen(fd: number): void {
  try {
    fstatSync(fd);
  } catch {
    throw new UsageError(`option -C: descriptor ${fd} is not open`, 'open it for writing, or give -C 0');
  }
}
