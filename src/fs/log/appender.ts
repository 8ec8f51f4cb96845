/** How an entry gets into the log (docs/architecture.md, "Appending"). */
import { EntryEncoder } from '../../format/entries/encoder.js';
import type { LogEntry } from '../../format/entries/entryTypes.js';
import { LOG_ENTRY_SIZE } from '../../format/logEntry.js';
import { logHeaderStruct } from '../../format/logHeader.js';
import { viewOf } from '../../format/struct.js';
import { crc32 } from '../../native/device.js';
import type { Log } from './log.js';

const { nextSequence: NEXT_SEQUENCE } = logHeaderStruct.offsets;

/** Writes to a log whose lock the caller holds. Its buffers are reused for each entry. */
export class Appender {
  readonly #encoder = new EntryEncoder(crc32);
  readonly #header = Buffer.alloc(logHeaderStruct.size);
  readonly #headerView = viewOf(this.#header);
  readonly #counters = this.#header.subarray(NEXT_SEQUENCE);

  constructor(private readonly log: Log) {}

  /**
   * Writes and writes back the entry, fences, then writes the header's next sequence number and next index in one store, so
   * replay sees the entry whole or not at all. `slot` must be the log's next index, and below its capacity.
   */
  append(slot: number, entry: LogEntry): void {
    const { device } = this.log;
    device.persist(this.log.offsetOf(slot), this.#encoder.encode(entry, slot));
    this.advance(slot + 1);
  }

  /**
   * The same for many entries, each of which counts before the next is written: `bytes` are those of one after the other, and the
   * first is for `slot`. All must be below the capacity.
   */
  appendEach(slot: number, bytes: Uint8Array): void {
    const { device, offset } = this.log;
    // sequence number and index of the next entry are the number of entries there are
    device.persistEach(this.log.offsetOf(slot), bytes, LOG_ENTRY_SIZE, offset + NEXT_SEQUENCE, slot);
  }

  /** Sets the next index and the next sequence number to `next`. */
  advance(next: number): void {
    const { device, offset } = this.log;
    logHeaderStruct.write(this.#headerView, 0, { nextSequence: next, nextIndex: next });
    // the two lie side by side and are written in one store: where 16 bytes are atomic, no crash comes between them
    device.persist(offset + NEXT_SEQUENCE, this.#counters);
  }
}
