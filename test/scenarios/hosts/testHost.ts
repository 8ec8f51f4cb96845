import type { Outcome } from '../../vm/outcome.js';
import { bundle } from '../../vm/paths.js';

/**
 * A host that famfs runs on: a guest with real dax devices (test/vm/guest.ts), or processes that use image files in their place
 * (imageHost.ts). Both run the same tests.
 */
export interface TestHost {
  /**
   * Runs a bash script, one at a time. In it, `famfs` is the command under test, $DEV the folder of dax0.0, dax1.0 ..., $TMP a
   * folder of this host, and $REPORT a file that survives a kill.
   */
  run(script: string): Promise<Outcome>;
  /** What was written to $REPORT. */
  report(): string;
  /** Power loss: everything ends at once. The report stays until close(). */
  kill(): Promise<void>;
  /** Ends the host and forgets its files. */
  close(): Promise<void>;
}

/** The head of every script of TestHost.run(): defines `famfs` as the program of this checkout. */
export function preamble(places: { dev: string; tmp: string; report: string }): string {
  const { dev, tmp, report } = places;
  return `export DEV='${dev}' TMP='${tmp}' REPORT='${report}'; famfs() { '${process.execPath}' '${bundle}' "$@"; }\n`;
}
