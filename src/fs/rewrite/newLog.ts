/**
 * The log of an edited tree: without gaps, in the order of the old log, each directory before its contents, and each daxdev before the
 * files that use it.
 */
import { EntryEncoder } from '../../format/entries/encoder.js';
import type { LogEntry } from '../../format/entries/entryTypes.js';
import type { Fmap } from '../../format/fmap.js';
import { LOG_ENTRY_CRC_SPAN, LOG_ENTRY_SIZE, logEntryStruct } from '../../format/logEntry.js';
import { viewOf } from '../../format/struct.js';
import { unreachable } from '../../format/unreachable.js';
import { crc32 } from '../../native/device.js';
import { entryBytes, slotRuns } from '../log/journal.js';
import type { Log } from '../log/log.js';
import { entryGone } from '../pool/volume.js';
import { type EditedDaxdev, type EditedNode, type EditedTree, pathOf } from './editedTree.js';

/** An entry of the new log, made from one of the old log. */
interface NewLogEntry {
  readonly slot: number;
  /** undefined if only its sequence number changes */
  readonly change: EditedNode | EditedDaxdev | undefined;
}

export class NewLog {
  readonly #entries: NewLogEntry[] = [];
  /** indices of the new log, by those of the old one */
  readonly #indices = new Map<number, number>();

  /** @param log the old log; its entries are read again when needed */
  constructor(
    private readonly log: Log,
    tree: EditedTree,
  ) {
    for (const { index } of tree.daxdevs.filter(({ removed }) => !removed))
      this.#indices.set(index, this.#indices.size);
    const joins = tree.daxdevs.filter(({ slot, removed }) => slot >= 0 && !removed);
    let join = 0;
    const joinWhile = (isWanted: (daxdev: EditedDaxdev) => boolean) => {
      for (; join < joins.length && isWanted(joins[join] as EditedDaxdev); join++) {
        const daxdev = joins[join] as EditedDaxdev;
        const stays = !daxdev.changed && this.#indices.get(daxdev.index) === daxdev.index;
        this.#entries.push({ slot: daxdev.slot, change: stays ? undefined : daxdev });
      }
    };
    const done = new Set<EditedNode>();
    const emit = (node: EditedNode): void => {
      if (done.has(node) || node.slot < 0) return;
      done.add(node);
      // a directory may have been made later than the node that was moved into it
      if (node.parent !== undefined) emit(node.parent);
      // a daxdev that has bytes of it now may have joined later
      const last = Math.max(0, ...(node.fmap?.extents ?? []).map(({ daxdev }) => daxdev));
      joinWhile(({ index }) => index <= last);
      this.#entries.push({ slot: node.slot, change: node.changed || !tree.keepsPath(node) ? node : undefined });
    };
    for (const node of tree.nodes) {
      if (node.removed) continue;
      joinWhile(({ slot }) => slot < node.slot);
      emit(node);
    }
    joinWhile(() => true);
  }

  get length(): number {
    return this.#entries.length;
  }

  /** Whether it equals the old log of `length` entries: every entry unchanged and in its slot. */
  isLog(length: number): boolean {
    return this.length === length && this.#entries.every(({ slot, change }, i) => slot === i && change === undefined);
  }

  /** The entries in order. Throws ENTRY_GONE if one can no longer be read. */
  *entries(): Generator<LogEntry> {
    for (const wanted of this.#entries) yield this.#entryOf(wanted);
  }

  /** The bytes of the entries, a batch at a time. Throws as `entries` does. */
  *parts(): Generator<{ readonly from: number; readonly bytes: Buffer }> {
    const encoder = new EntryEncoder(crc32);
    for (const { from, to } of slotRuns({ from: 0, to: this.length })) {
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
    switch (entry.type) {
      case 'FILE': {
        const { mode, uid, gid, size, fmap } = nodeAt(slot, change);
        return {
          ...entry,
          path: pathOf(nodeAt(slot, change)),
          mode,
          uid,
          gid,
          size,
          fmap: this.#renumber(fmap ?? entry.fmap),
        };
      }
      case 'MKDIR': {
        const { mode, uid, gid } = nodeAt(slot, change);
        return { type: 'MKDIR', path: pathOf(nodeAt(slot, change)), mode, uid, gid };
      }
      case 'ADD_DAXDEV':
        if (!('index' in change)) throw entryGone(slot);
        return {
          type: 'ADD_DAXDEV',
          deviceSize: change.size,
          deviceUuid: change.uuid,
          daxdev: this.#indexOf(change.index),
        };
      default:
        return unreachable(entry);
    }
  }

  /** A map with the indices of the new log. */
  #renumber(fmap: Fmap): Fmap {
    return { ...fmap, extents: fmap.extents.map((extent) => ({ ...extent, daxdev: this.#indexOf(extent.daxdev) })) };
  }

  #indexOf(index: number): number {
    const now = this.#indices.get(index);
    if (now === undefined) throw new Error(`a map names daxdev ${index}, which is to be removed`);
    return now;
  }
}

/** Throws ENTRY_GONE: the slot held another entry when the tree was read. */
function nodeAt(slot: number, change: EditedNode | EditedDaxdev): EditedNode {
  if ('index' in change) throw entryGone(slot);
  return change;
}

/** An entry with another sequence number; all other bytes stay the same. */
function renumbered(entry: Buffer, sequence: number): Buffer {
  const view = viewOf(entry);
  logEntryStruct.write(view, 0, { sequence });
  logEntryStruct.write(view, 0, { crc: crc32(entry.subarray(0, LOG_ENTRY_CRC_SPAN)) });
  return entry;
}
