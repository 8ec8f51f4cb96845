/** Encodes log entries. */
import { LOG_ENTRY_CRC_SPAN, LOG_ENTRY_SIZE, logEntryStruct, PAYLOAD_OFFSET } from '../logEntry.js';
import { viewOf } from '../struct.js';
import { type LogEntry, typeOf } from './entryTypes.js';

/**
 * The 544 bytes of an entry for slot `sequence`. Throws FieldRangeError for a value that does not fit its field, and PathError
 * for a path that the format cannot hold.
 */
export function encodeLogEntry(entry: LogEntry, sequence: number, crc32: (data: Uint8Array) => number): Buffer {
  return new EntryEncoder(crc32).encode(entry, sequence);
}

/** Encodes entries into one buffer; each result is valid until the next call. */
export class EntryEncoder {
  readonly #image = Buffer.alloc(LOG_ENTRY_SIZE);
  readonly #view = viewOf(this.#image);
  readonly #covered = this.#image.subarray(0, LOG_ENTRY_CRC_SPAN);

  constructor(private readonly crc32: (data: Uint8Array) => number) {}

  /** Same as encodeLogEntry, without an allocation. */
  encode(entry: LogEntry, sequence: number): Buffer {
    const type = typeOf(entry);
    this.#image.fill(0);
    logEntryStruct.write(this.#view, 0, { sequence, type: type.code });
    type.encode(this.#image, this.#view, PAYLOAD_OFFSET, entry);
    logEntryStruct.write(this.#view, 0, { crc: this.crc32(this.#covered) });
    return this.#image;
  }
}
