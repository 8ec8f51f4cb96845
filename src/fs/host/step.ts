/** The steps of a command that --verbose reports: what was read, mapped, locked, replayed, moved and written back, and how long it took. */
import { readFileSync } from 'node:fs';
import { counted } from '../../format/counted.js';
import { counters, lineSize, type MappedDevice } from '../../native/device.js';
import type { Host } from './host.js';
import { realPath } from './hostPath.js';

/** All sizes are bytes. */
export type Step =
  | { readonly name: 'configured'; readonly path: string; readonly settings: number }
  | {
      readonly name: 'mapped';
      readonly path: string;
      readonly kind: 'device' | 'file';
      readonly size: number;
      readonly writable: boolean;
      /** alignment of a dax device, by which the kernel maps it; of a file, the size of a page */
      readonly pageSize: number;
      readonly seconds: number;
    }
  | {
      readonly name: 'unmapped';
      readonly path: string;
      /** what was in this process's page table; null where the kernel does not say */
      readonly resident: number | null;
      /** the part of it that was mapped in huge pages */
      readonly huge: number | null;
    }
  | { readonly name: 'locked'; readonly path: string; readonly seconds: number }
  | {
      readonly name: 'replayed';
      readonly path: string;
      /** log entries, and those of them that could not be used */
      readonly entries: number;
      readonly skipped: number;
      readonly seconds: number;
    }
  | {
      readonly name: 'moved';
      /** `copying in`, `filling` */
      readonly work: string;
      readonly size: number;
      readonly threads: number;
      readonly seconds: number;
    }
  | {
      readonly name: 'ended';
      /** stored to mapped memory, in part past the cache */
      readonly stored: number;
      /** of the cache lines that were written back, and dropped */
      readonly writtenBack: number;
      readonly invalidated: number;
      readonly fences: number;
      /** of the whole command */
      readonly seconds: number;
    };

/** A step as a line for people. `amount` writes a number of bytes. */
export function stepText(step: Step, amount: (bytes: number) => string): string {
  const bytes = (count: number) => (count < 1024 ? counted(count, 'byte') : amount(count));
  switch (step.name) {
    case 'configured':
      return `read ${step.path}: ${counted(step.settings, 'setting')}`;
    case 'mapped': {
      const how = step.writable ? 'reading and writing' : 'reading';
      return `mapped ${step.path} for ${how}: ${amount(step.size)} in pages of ${amount(step.pageSize)}, in ${time(step.seconds)}`;
    }
    case 'unmapped':
      return `unmapped ${step.path}${touchedText(step.resident, step.huge, amount)}`;
    case 'locked':
      return `locked ${step.path} after ${time(step.seconds)}`;
    case 'replayed':
      return `replayed the log of ${step.path}: ${counted(step.entries, 'entry', 'entries')}, ${step.skipped} skipped, in ${time(step.seconds)}`;
    case 'moved':
      return `${step.work}: ${amount(step.size)} with ${counted(step.threads, 'thread')} in ${time(step.seconds)}`;
    case 'ended':
      return (
        `stored ${bytes(step.stored)}, wrote back ${bytes(step.writtenBack)} and dropped ${bytes(step.invalidated)} of the cache, ` +
        `${counted(step.fences, 'fence')}; ${time(step.seconds)} in all`
      );
  }
}

function touchedText(resident: number | null, huge: number | null, amount: (bytes: number) => string): string {
  if (resident === null || huge === null) return '';
  return `: ${amount(resident)} of it was mapped to memory, ${huge === 0 ? 'none' : amount(huge)} in huge pages`;
}

function time(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(2)} s`;
}

/** Does `work`, and reports the step that `made` makes of its result and its duration; measures nothing without --verbose. */
export function stepOf<T>(host: Host, work: () => T, made: (result: T, seconds: number) => Step): T {
  if (host.step === undefined) return work();
  const started = performance.now();
  const result = work();
  host.step(made(result, (performance.now() - started) / 1000));
  return result;
}

/** Reports a mapping that was just made, and that it ends when it does. */
export function reportMapping(host: Host, device: MappedDevice, seconds: number): void {
  const { step } = host;
  if (step === undefined) return;
  const { path, kind, size, writable, align } = device;
  step({ name: 'mapped', path, kind, size, writable, pageSize: align, seconds });
  device.beforeClose = () => step({ name: 'unmapped', path, ...touched(device) });
}

/** Begins to count for the last step: the function that it returns makes that step. */
export function countSteps(): () => Step {
  const started = performance.now();
  const before = counters();
  return () => {
    const now = counters();
    return {
      name: 'ended',
      stored: now.bytesStored - before.bytesStored,
      writtenBack: (now.linesWrittenBack - before.linesWrittenBack) * lineSize(),
      invalidated: (now.linesInvalidated - before.linesInvalidated) * lineSize(),
      fences: now.fences - before.fences,
      seconds: (performance.now() - started) / 1000,
    };
  };
}

/** What the kernel says of the mappings of a device or file in this process: smaps names each by its device and inode. */
function touched({ path }: MappedDevice): { resident: number | null; huge: number | null } {
  try {
    const name = realPath(path);
    let ours = false;
    let resident = 0;
    let huge = 0;
    for (const line of readFileSync('/proc/self/smaps', 'utf8').split('\n')) {
      if (/^[0-9a-f]+-[0-9a-f]+ /.test(line)) ours = line.endsWith(` ${name}`);
      else if (ours) {
        const [, field, kib = '0'] = /^(\w+): +(\d+) kB$/.exec(line) ?? [];
        if (field === 'Rss') resident += Number(kib) * 1024;
        if (field === 'ShmemPmdMapped' || field === 'FilePmdMapped') huge += Number(kib) * 1024;
      }
    }
    return { resident, huge };
  } catch {
    return { resident: null, huge: null };
  }
}
