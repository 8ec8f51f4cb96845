import { writeSync } from 'node:fs';
import { version } from './version.js';

/**
 * Answers a command line that is nothing but --version, before the program is loaded: that takes hardly longer than node
 * itself. Returns false for any other.
 */
export function printVersion(argv: readonly string[]): boolean {
  if (argv.length !== 1 || (argv[0] !== '--version' && argv[0] !== '-V')) return false;
  try {
    writeSync(1, `famfs ${version}\n`);
  } catch (error) {
    writeSync(2, `famfs: cannot write to standard output: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
  return true;
}
