import type { Finding, FindingPlace } from './finding.js';
import type { FindingCode, FindingValues } from './values.js';

/** A finding whose run may grow. */
interface OpenFinding {
  place: FindingPlace;
  count: number;
  /** what made all its slots bad; undefined if it is not a run */
  readonly cause: string | undefined;
}

/** A value, or a function that computes an expensive one; it is called only if the finding is kept. */
type Lazy<T> = T | (() => T);

/** Collects findings: counts all of them and keeps the first few of each code, so that hostile media cannot fill memory. */
export class FindingTally {
  /** findings of each code; a run counts once */
  readonly counts = new Map<FindingCode, number>();
  readonly #kept: (Finding & OpenFinding)[] = [];
  /** kept runs by code and cause */
  readonly #runs = new Map<string, OpenFinding>();
  /** the latest run of each code, kept or not */
  readonly #lastRun = new Map<FindingCode, OpenFinding>();

  /** @param keep how many findings of each code to keep, 0 or more */
  constructor(readonly keep: number) {}

  add<C extends FindingCode>(code: C, place: Lazy<FindingPlace>, values: Lazy<FindingValues[C]>): void {
    this.#add(code, place, values, undefined);
  }

  /**
   * Adds one of many slots that `cause` makes bad. Slots with the same code and cause become one finding, whose place is the
   * range of slots. Slots must come in ascending order.
   */
  addToRun<C extends FindingCode>(
    code: C,
    place: FindingPlace & { readonly slot: number },
    values: Lazy<FindingValues[C]>,
    cause: string,
  ): void {
    const last = this.#lastRun.get(code);
    const run = last?.cause === cause ? last : this.#runs.get(`${code} ${cause}`);
    if (run === undefined) this.#lastRun.set(code, this.#add(code, place, values, cause));
    else extend(run, place);
  }

  #add<C extends FindingCode>(
    code: C,
    place: Lazy<FindingPlace>,
    values: Lazy<FindingValues[C]>,
    cause: string | undefined,
  ): OpenFinding {
    const count = (this.counts.get(code) ?? 0) + 1;
    this.counts.set(code, count);
    if (count > this.keep) return { place: {}, count: 1, cause };
    const known = { code, place: evaluate(place), values: evaluate(values), count: 1, cause };
    // the compiler does not see that code and values belong together
    const finding = known as unknown as Finding & OpenFinding;
    this.#kept.push(finding);
    if (cause !== undefined) this.#runs.set(`${code} ${cause}`, finding);
    return finding;
  }

  /** the kept findings, in the order found */
  get kept(): readonly Finding[] {
    return this.#kept;
  }

  /** number of findings with these codes, kept or not */
  count(wanted: (code: FindingCode) => boolean): number {
    let sum = 0;
    for (const [code, count] of this.counts) if (wanted(code)) sum += count;
    return sum;
  }

  has(code: FindingCode): boolean {
    return this.counts.has(code);
  }
}

function evaluate<T extends object>(lazy: Lazy<T>): T {
  return typeof lazy === 'function' ? lazy() : lazy;
}

/** A run gives its first and last slot, and leaves out what applies to one slot only. */
function extend(run: OpenFinding, { slot, daxdev }: FindingPlace & { readonly slot: number }): void {
  if (slot === (run.place.lastSlot ?? run.place.slot)) return;
  const common = daxdev !== undefined && daxdev === run.place.daxdev ? { daxdev } : {};
  run.place = { slot: run.place.slot as number, lastSlot: slot, ...common };
  run.count++;
}
