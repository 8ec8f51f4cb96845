/** How benchmarks report: medians, text or (with --json) JSON, and the machine. */
import { existsSync, mkdtempSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

export type Figure = Readonly<Record<string, string | number>>;

/** A new folder for images: in memory if possible, because a daxdev is never a disk, or in a given one. */
export function benchFolder(parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()): string {
  return mkdtempSync(join(parent, 'famfs-bench-'));
}

/** The median; for an even number of values the lower of the middle two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1] as number;
}

/** Milliseconds of processor time since `since`: unlike elapsed time, it does not count other work of the machine. */
export function processorTime(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** Milliseconds until the promise of `work` resolves. */
export async function timedAsync(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Prints figures to standard output, one per line, or with --json as one document. */
export function report(question: string, figures: readonly Figure[]): void {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
  };
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ question, machine, figures }, undefined, 2)}\n`);
    return;
  }
  process.stdout.write(`${question}\n${Object.values(machine).join(', ')}\n`);
  for (const figure of figures)
    process.stdout.write(
      `  ${Object.entries(figure)
        .map(([key, value]) => `${key}: ${show(value)}`)
        .join('  ')}\n`,
    );
}

function show(value: string | number): string {
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(3) : String(value);
}
