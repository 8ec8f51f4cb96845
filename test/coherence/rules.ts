/**
 * The cache rules themselves, watched while a host works: what it asks for, whatever its caches make of it. Where something else on
 * the same way happens to do what was left out, no host sees wrong bytes; a rule is broken all the same, and the next change of the
 * code would show it.
 */
import { mayBeUnderWayTogether } from './together.js';

const LINE = 64;

/** What was done to a line since it was last loaded, or since its last store was complete. A line without a state may be cached. */
type State = 'dropped' | 'afresh' | 'stored' | 'leaving';

const STATES: Readonly<Record<State | 'kept', string>> = {
  kept: 'not invalidated since it was last loaded',
  dropped: 'invalidated without a fence',
  afresh: 'invalidated',
  stored: 'stored to and not written back',
  leaving: 'written back without a fence',
};

/** A range of a device, in bytes. */
export interface Range {
  readonly device: string;
  readonly offset: number;
  readonly length: number;
}

/** What asks for an operation, and the part of the device that it is for; found from the stack, so only where it is needed. */
export interface Asker {
  /** as callSite names it; '' for the test itself */
  readonly site: string;
  readonly part: string;
}

/** Watches one host. Keeps the first rule that it breaks. */
export class Rules {
  /** by device, and there by the number of the line */
  readonly #lines = new Map<string, Map<number, State>>();
  /** stores that are not complete, by device and part */
  readonly #underWay = new Map<string, Range[]>();
  broken: string | undefined;

  /** What is loaded was invalidated for it, and a fence is in between. */
  load(range: Range, asker: () => Asker): void {
    this.#each(range, (line, state, lines) => {
      if (state === 'afresh') lines.delete(line);
      else this.#break(() => `${asker().site} loads ${place(range.device, line)}, ${STATES[state ?? 'kept']}`);
    });
  }

  /**
   * Stores are complete before anything is read. @param isOfJob threads of a job read one part while stores to another one are under
   * way; not so the thread of JavaScript
   */
  invalidate(range: Range, isOfJob: boolean, asker: () => Asker): void {
    this.#each(range, (line, state, lines) => {
      if (state === 'stored' || state === 'leaving')
        this.#break(() => `${asker().site} invalidates ${place(range.device, line)}, ${STATES[state]}`);
      else lines.set(line, 'dropped');
    });
    if (!isOfJob) this.#complete(() => `${asker().site} reads`);
  }

  /** Stores of one step may be under way together, but not two to the same bytes. */
  store(range: Range, asker: () => Asker): void {
    const { site, part } = asker();
    const name = `${range.device} ${part}`;
    const before = this.#underWay.get(name) ?? [];
    if (before.some((other) => overlap(other, range)))
      this.#break(() => `${site} stores to ${name} again while the store before is under way`);
    this.#underWay.set(name, [...before, range]);
    const parts = [...this.#underWay.keys()];
    if (parts.length > 1 && !mayBeUnderWayTogether(site, parts))
      this.#break(() => `${site} stores to ${name} while stores are under way to ${others(parts, name)}`);
    this.#each(range, (line, _, lines) => lines.set(line, 'stored'));
  }

  writeBack(range: Range): void {
    this.#each(range, (line, state, lines) => {
      if (state === 'stored') lines.set(line, 'leaving');
    });
  }

  fence(device: string): void {
    const lines = this.#linesOf(device);
    for (const [line, state] of lines) {
      if (state === 'dropped') lines.set(line, 'afresh');
      if (state === 'leaving') lines.delete(line);
    }
    for (const [name, ranges] of this.#underWay) {
      if (ranges[0]?.device !== device) continue;
      const left = ranges.filter((range) => this.#isStored(range));
      if (left.length > 0) this.#underWay.set(name, left);
      else this.#underWay.delete(name);
    }
  }

  /** All stores are complete before a command says that it has succeeded. */
  report(): void {
    this.#complete(() => 'success is reported');
  }

  #complete(what: () => string): void {
    const parts = [...this.#underWay.keys()];
    if (parts.length > 0) this.#break(() => `${what()} while stores are under way to ${others(parts)}`);
  }

  #break(what: () => string): void {
    this.broken ??= what();
  }

  #isStored(range: Range): boolean {
    let isStored = false;
    this.#each(range, (_, state) => {
      isStored ||= state === 'stored';
    });
    return isStored;
  }

  #each(
    { device, offset, length }: Range,
    work: (line: number, state: State | undefined, lines: Map<number, State>) => void,
  ): void {
    const lines = this.#linesOf(device);
    for (let line = Math.floor(offset / LINE); line * LINE < offset + length; line++)
      work(line, lines.get(line), lines);
  }

  #linesOf(device: string): Map<number, State> {
    const lines = this.#lines.get(device) ?? new Map<number, State>();
    this.#lines.set(device, lines);
    return lines;
  }
}

function overlap(a: Range, b: Range): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

function others(parts: readonly string[], but?: string): string {
  return parts
    .filter((part) => part !== but)
    .sort()
    .join(', ');
}

function place(device: string, line: number): string {
  return `${device} at 0x${(line * LINE).toString(16)}`;
}
