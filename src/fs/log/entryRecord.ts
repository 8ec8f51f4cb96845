/** What the entries of a log did, kept while it is replayed: as columns, except for those that the addon did not apply by itself. */
import type { AppliedBlock } from '../../native/logTable.js';
import { EntryColumns, EntryRun } from './entryColumns.js';
import type { AppliedListener, ReplayedEntry } from './replay.js';

export class EntryRecord implements AppliedListener {
  readonly #blocks: EntryColumns[] = [];
  readonly #others: ReplayedEntry[] = [];

  /** @param from slot of the first entry to keep */
  constructor(readonly from: number) {}

  block(block: AppliedBlock): void {
    this.#blocks.push(new EntryColumns(block));
  }

  /** Those that took effect come to `add` too. */
  entry(): void {}

  /** Keeps an entry that the addon did not apply by itself. */
  add(replayed: ReplayedEntry): void {
    this.#others.push(replayed);
  }

  /** All entries that were kept, in the order of the log; those of a run were applied. */
  *[Symbol.iterator](): Generator<EntryRun | ReplayedEntry> {
    let next = 0;
    for (const columns of this.#blocks) {
      let from = EntryColumns.START;
      for (let other = this.#others[next]; other !== undefined && other.slot < columns.lastSlot; ) {
        const to = columns.seek(from, other.slot);
        if (to.numbers > from.numbers) yield new EntryRun(columns, from, to.numbers);
        yield other;
        from = to;
        other = this.#others[++next];
      }
      yield new EntryRun(columns, from, columns.end);
    }
    yield* this.#others.slice(next);
  }
}
