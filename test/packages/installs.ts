import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';

/** Names the file in which the rows of one run are collected. */
export const ROWS = 'FAMFS_PACKAGES_ROWS';

/** One way of installing famfs, as it was measured. */
export interface Install {
  readonly way: string;
  /** bytes of what is given to users */
  readonly size: number;
  /** bytes of files once it is installed */
  readonly installed: number;
  /** ms of `famfs --version` and of a famfs ls: the shortest of several runs */
  readonly version: number;
  readonly ls: number;
}

const RUNS = 10;

/** The shortest time of several calls, ms. */
export function shortest(call: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    call();
    return performance.now() - start;
  });
  return Math.min(...times);
}

/** Hands a row to the run of test/packages/main.ts that this process is part of; without one, prints it. */
export function record(install: Install): void {
  const file = process.env[ROWS];
  const row = `${JSON.stringify(install)}\n`;
  if (file === undefined) process.stdout.write(row);
  else appendFileSync(file, row);
}

/** The rows in a file of `record`, as lines of a table, with the time that an empty program of this Node.js takes. */
export function installTable(file: string): string[] {
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Install => JSON.parse(line));
  const line = (...cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(40) : cell.padStart(14))).join('');
  const bytes = (count: number) => `${(count / 2 ** 20).toFixed(1)} MiB`;
  const time = (ms: number) => `${ms.toFixed(0)} ms`;
  return rows.length === 0
    ? []
    : [
        line('way of installing', 'size', 'installed', '--version', 'ls'),
        ...rows.map((row) => line(row.way, bytes(row.size), bytes(row.installed), time(row.version), time(row.ls))),
        line('node -e 0', '', '', time(shortest(() => spawnSync(process.execPath, ['-e', '0']))), ''),
      ];
}
