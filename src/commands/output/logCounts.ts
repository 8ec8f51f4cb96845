/** The number of entries in a log. */
import { counted } from '../../format/counted.js';
import type { Volume } from '../../fs/pool/volume.js';

export interface LogCounts {
  /** log entries */
  readonly entries: number;
  /** unusable log entries */
  readonly skipped: number;
  readonly files: number;
  readonly directories: number;
}

export function logCounts({ replay }: Volume): LogCounts {
  const { next, skipped, namespace } = replay;
  return { entries: next, skipped, files: namespace.fileCount, directories: namespace.directoryCount };
}

/** `13 entries, 0 skipped: 10 files, 3 directories` */
export function countsText({ entries, skipped, files, directories }: LogCounts): string {
  const held = `${counted(files, 'file')}, ${counted(directories, 'directory', 'directories')}`;
  return `${counted(entries, 'entry', 'entries')}, ${skipped} skipped: ${held}`;
}
