/** What the entries of a log did, kept while it is replayed: as columns, except for those that the addon did not apply by itself. */
import { EntryColumns, EntryRun } from './entryColumns.js';
import type { Replay, ReplayedEntry } from './replay.js';

export class EntryRecord {
  #replay: Replay | undefined;
  readonly #others: ReplayedEntry[] = [];

  /** @param from slot of the first entry to keep */
  constructor(readonly from: number) {}

  /** Has a replay keep the entries that come next, until its keep(false). */
  start(replay: Replay): void {
    replay.keep(true);
    this.#replay = replay;
  }

  /** Keeps an entry that the addon did not apply by itself. */
  add(replayed: ReplayedEntry): void {
    this.#others.push(replayed);
  }

  /** All entries that were kept, in the order of the log; those of a run, which is valid until more is drawn, were applied. */
  *[Symbol.iterator](): Generator<EntryRun | ReplayedEntry> {
    let next = 0;
    for (const block of this.#replay?.kept() ?? []) {
      const columns = new EntryColumns(block);
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
