import type { Outcome } from '../../vm/outcome.js';
import { bundle } from '../../vm/paths.js';

/**
 * A host that famfs runs on: a guest with real dax devices (test/vm/guest.ts), or processes that see image files in their
 * place (imageHost.ts). What is proved on one is proved on the other by the same lines.
 */
export interface TestHost {
  /**
   * Runs a script for bash, one at a time. In it, `famfs` is the command under test, $DEV the folder of dax0.0, dax1.0 ...,
   * $TMP a folder of the host's own, and $REPORT where to write what must outlive a kill.
   */
  run(script: string): Promise<Outcome>;
  /** What was written to $REPORT. */
  report(): string;
  /** Power loss: ends whatever runs, at once. The report stays until close(). */
  kill(): Promise<void>;
  /** Ends the host and forgets its files. */
  close(): Promise<void>;
}

/** What makes a script of TestHost.run() one for bash: `famfs` is this checkout's, run by the node that runs the tests. */
export function preamble(places: { dev: string; tmp: string; report: string }): string {
  const { dev, tmp, report } = places;
  return `export DEV='${dev}' TMP='${tmp}' REPORT='${report}'; famfs() { '${process.execPath}' '${bundle}' "$@"; }\n`;
}
