import { humanBytes } from '../../ui/units.js';

/** `copied 3 files, 1.5G in 0.4 s (3.8G/s)` */
export function summaryText(verb: string, files: number, bytes: number, seconds: number): string {
  const rate = seconds > 0 ? ` (${humanBytes(bytes / seconds)}/s)` : '';
  return `${verb} ${files} ${files === 1 ? 'file' : 'files'}, ${humanBytes(bytes)} in ${seconds.toFixed(1)} s${rate}`;
}
