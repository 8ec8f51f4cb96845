/** Detects that the log was rewritten, that is, replaced by another one (docs/rewrite.md). */
import type { MappedDevice } from '../../native/device.js';
import { FamfsError } from '../errors.js';
import type { HeaderReading, Log } from '../log/log.js';
import { isRewriting } from '../log/rewriting.js';
import { readLogHistory } from '../media/logHistory.js';

export class HistoryWatch {
  readonly #opened: Buffer;

  /** @param primary has the superblock region: the primary, or the superblock's file of a mount */
  constructor(
    private readonly primary: MappedDevice,
    private readonly log: Log,
  ) {
    this.#opened = readLogHistory(primary);
  }

  /** Reads the header of the log. Throws LOG_REWRITING while the log is being rewritten, and LOG_REWRITTEN afterwards. */
  require(): HeaderReading {
    const { path } = this.primary;
    // before the record of the history, which is written while the header says so
    const reading = this.log.readHeader();
    if (isRewriting(reading)) throw rewriting(path);
    if (!readLogHistory(this.primary).equals(this.#opened)) throw rewritten(path);
    return reading;
  }
}

/** The error for a log that is being rewritten. */
export function rewriting(path: string): FamfsError {
  return new FamfsError('LOG_REWRITING', `the log on ${path} is being rewritten`, {
    hint: `wait for it to end; if the writer was interrupted, complete it on the Master with: famfs fsck -p ${path}`,
    details: { device: path },
  });
}

/** The error for a log that was replaced after it was read. */
export function rewritten(path: string): FamfsError {
  return new FamfsError('LOG_REWRITTEN', `the log on ${path} was rewritten after it was read`, {
    hint: 'start again; a shadow tree of the old log must be made again',
    details: { device: path },
  });
}
