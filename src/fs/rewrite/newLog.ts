/** The log that an edited tree makes: dense, in the order of the old one, each directory before what is in it. */
import { EntryEncoder } from '../../format/entries/encoder.js';
import type { LogEntry } from '../../format/entries/entryTypes.js';
import { LOG_ENTRY_CRC_SPAN, LOG_ENTRY_SIZE, logEntryStruct } from '../../format/logEntry.js';
import { viewOf } from '../../format/struct.js';
import { unreachable } from '../../format/unreachable.js';
import { crc32 } from '../../native/device.js';
import { entryBytes, slotRuns } from '../log/journal.js';
import type { Log } from '../log/log.js';
import type { Replay } from '../log/replay.js';
import { entryGone } from '../pool/volume.js';
import { type EditedNode, type EditedTree, pathOf } from './editedTree.js';

/** An entry of the new log: that of a slot of the old one, with what was changed. */
interface NewLogEntry {
  readonly slot: number;
  /** undefined for an entry that stays as it is, but for its sequence number */
  readonly change: EditedNode | undefined;
}

export class NewLog {
  readonly #entries: NewLogEntry[] = [];

  /** @param log the old log, whose entries are read again when they are needed */
  constructor(
    private readonly log: Log,
    replay: Replay,
    tree: EditedTree,
  ) {
    const joins = replay.daxdevs.slice(1).map(({ slot }) => slot);
    const done = new Set<EditedNode>();
    const emit = (node: EditedNode): void => {
      if (done.has(node) || node.slot < 0) return;
      done.add(node);
      // a directory that something was moved into may have been made later
      if (node.parent !== undefined) emit(node.parent);
      this.#entries.push({ slot: node.slot, change: node.changed || !tree.keepsPath(node) ? node : undefined });
    };
    let join = 0;
    const joinUpTo = (slot: number) => {
      for (; join < joins.length && (joins[join] as number) < slot; join++)
        this.#entries.push({ slot: joins[join] as number, change: undefined });
    };
    for (const node of tree.nodes) {
      if (node.removed) continue;
      joinUpTo(node.slot);
      emit(node);
    }
    joinUpTo(Number.POSITIVE_INFINITY);
  }

  get length(): number {
    return this.#entries.length;
  }

  /** Whether it is the old log, of `length` entries: every entry in its slot, and none changed. */
  isLog(length: number): boolean {
    return this.length === length && this.#entries.every(({ slot, change }, i) => slot === i && change === undefined);
  }

  /** The entries in order. Throws ENTRY_GONE when one no longer reads well. */
  *entries(): Generator<LogEntry> {
    for (const wanted of this.#entries) yield this.#entryOf(wanted);
  }

  /** The bytes of the entries, a part at a time. Throws as `entries` does. */
  *parts(): Generator<{ readonly from: number; readonly bytes: Buffer }> {
    const encoder = new EntryEncoder(crc32);
    for (const { from, to } of slotRuns(this.length)) {
      const bytes = Buffer.allocUnsafe((to - from) * LOG_ENTRY_SIZE);
      for (let slot = from; slot < to; slot++) {
        const wanted = this.#entries[slot] as NewLogEntry;
        const entry =
          wanted.change === undefined
            ? renumbered(entryBytes(this.log, wanted.slot, wanted.slot + 1), slot)
            : encoder.encode(this.#entryOf(wanted), slot);
        entry.copy(bytes, (slot - from) * LOG_ENTRY_SIZE);
      }
      yield { from, bytes };
    }
  }

  #entryOf({ slot, change }: NewLogEntry): LogEntry {
    const { entry } = this.log.readSlot(slot);
    if (entry === undefined) throw entryGone(slot);
    if (change === undefined) return entry;
    const { mode, uid, gid, size, fmap } = change;
    const path = pathOf(change);
    switch (entry.type) {
      case 'FILE':
        return { ...entry, path, mode, uid, gid, size, fmap: fmap ?? entry.fmap };
      case 'MKDIR':
        return { type: 'MKDIR', path, mode, uid, gid };
      case 'ADD_DAXDEV':
        // it has no path to change: the slot held another entry when the tree was read
        throw entryGone(slot);
      default:
        return unreachable(entry);
    }
  }
}

/** An entry with another sequence number; every other byte stays as it is. */
function renumbered(entry: Buffer, sequence: number): Buffer {
  const view = viewOf(entry);
  logEntryStruct.write(view, 0, { sequence });
  logEntryStruct.write(view, 0, { crc: crc32(entry.subarray(0, LOG_ENTRY_CRC_SPAN)) });
  return entry;
}
