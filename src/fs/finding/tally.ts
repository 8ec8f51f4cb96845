import type { Finding, FindingPlace } from './finding.js';
import type { FindingCode, FindingValues } from './values.js';

/** A finding whose run may grow. */
interface OpenFinding {
  place: FindingPlace;
  count: number;
  /** what made all of its slots bad; undefined for what is no run */
  readonly cause: string | undefined;
}

/** What is known, or how to find it out where that costs something: it is called only if the finding is kept. */
type Lazy<T> = T | (() => T);

/** Collects findings: all are counted, the first few of each code are kept, so that hostile media cannot fill memory. */
export class FindingTally {
  /** findings of each code, a run as one */
  readonly counts = new Map<FindingCode, number>();
  readonly #kept: (Finding & OpenFinding)[] = [];
  /** kept runs by code and cause */
  readonly #runs = new Map<string, OpenFinding>();
  /** of each code, the run that was added last, kept or not */
  readonly #lastRun = new Map<FindingCode, OpenFinding>();

  /** @param keep how many findings of each code are kept, 0 or more */
  constructor(readonly keep: number) {}

  add<C extends FindingCode>(code: C, place: Lazy<FindingPlace>, values: Lazy<FindingValues[C]>): void {
    this.#add(code, place, values, undefined);
  }

  /**
   * The same for one of many slots that `cause` makes bad: those of one code and cause are one finding, whose place is the
   * range of their slots. Slots must come in order.
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

  /** the findings that were kept, in the order found */
  get kept(): readonly Finding[] {
    return this.#kept;
  }

  /** number of findings of these codes, kept or not */
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

/** A run says where it begins and ends; what only one of its slots has is left out. */
function extend(run: OpenFinding, { slot, daxdev }: FindingPlace & { readonly slot: number }): void {
  if (slot === (run.place.lastSlot ?? run.place.slot)) return;
  const common = daxdev !== undefined && daxdev === run.place.daxdev ? { daxdev } : {};
  run.place = { slot: run.place.slot as number, lastSlot: slot, ...common };
  run.count++;
}
