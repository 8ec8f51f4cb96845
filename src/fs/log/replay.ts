/** Replay turns the log's entries, in order, into names and claims on space. Listing, allocation and fsck share this one walk. */

import type { AddDaxdevEntry } from '../../format/entries/addDaxdev.js';
import { EntryCursor } from '../../format/entries/cursor.js';
import { ENTRY_TYPES, type LogEntry } from '../../format/entries/entryTypes.js';
import { ENTRY_LAYOUT } from '../../format/entries/layout.js';
import { isUsable } from '../../format/fault.js';
import { parentPath } from '../../format/path.js';
import { MAX_DAXDEVS, SUPERBLOCK_REGION } from '../../format/superblock.js';
import { unreachable } from '../../format/unreachable.js';
import { type AppliedBlock, LogTable, NUMBERS_PER_APPLIED } from '../../native/logTable.js';
import { FindingTally } from '../finding/tally.js';
import { type Claim, ExtentLedger, OWNER_METADATA } from './extentLedger.js';
import { isFramed, type Log } from './log.js';
import { Namespace } from './namespace.js';

/** A daxdev as the log knows it. */
export interface LoggedDaxdev {
  readonly index: number;
  readonly uuid: string;
  /** bytes */
  readonly size: number;
  /** log slot of its ADD_DAXDEV entry; -1 for the primary */
  readonly slot: number;
  /** bytes at its start that belong to superblock and log */
  readonly reserved: number;
  /** allocation unit of the file system, bytes */
  readonly unit: number;
  /** space that entries claim on it; claims of unusable entries are in `doubtful` too */
  readonly ledger: ExtentLedger;
  /** claims of entries whose extents cannot be trusted: their space is not allocated, but they do not count as overlaps */
  readonly doubtful: ExtentLedger;
}

export interface PrimaryFacts {
  readonly uuid: string;
  /** bytes that may be allocated: the smaller of the device's size and what the superblock says */
  readonly size: number;
  /** bytes of superblock and log region */
  readonly reserved: number;
  /** allocation unit, bytes */
  readonly unit: number;
}

/** The result for one entry. */
export interface ReplayedEntry {
  readonly slot: number;
  /** as far as it could be read */
  readonly entry: LogEntry | undefined;
  /** false when the entry was skipped */
  readonly applied: boolean;
}

/** Receives entries that took effect, in the order of the log. */
export interface AppliedListener {
  /** a block of entries that the addon applied */
  block(block: AppliedBlock): void;
  /** a single entry; the cursor is valid until this returns */
  entry(slot: number, decoded: EntryCursor): void;
}

const KEPT_FINDINGS = 20;

/** Reports an extent that cannot lie at the place it names. */
type ReportMisplaced = () => void;

const NONE_MISPLACED: readonly ReportMisplaced[] = Object.freeze([]);

export class Replay {
  readonly namespace: Namespace;
  readonly daxdevs: LoggedDaxdev[] = [];
  readonly findings: FindingTally;
  /** the next slot */
  next = 0;
  /** entries that were skipped */
  skipped = 0;
  /** allocation unit of the file system, bytes */
  readonly unit: number;
  #listener: AppliedListener | undefined;

  readonly #own = new EntryCursor();
  /** claims on daxdevs that have not joined: the entry that adds one may be damaged, and another may join with the same index */
  readonly #early = new Map<number, Claim[]>();
  readonly #table: LogTable;

  /** the latest run of slots without a complete entry */
  #firstIncomplete = Number.NEGATIVE_INFINITY;
  #lastIncomplete = Number.NEGATIVE_INFINITY;

  /** @param keep how many findings of each code are kept */
  constructor(primary: PrimaryFacts, keep = KEPT_FINDINGS) {
    this.findings = new FindingTally(keep);
    this.unit = primary.unit;
    this.#table = new LogTable(ENTRY_LAYOUT, primary.unit);
    this.namespace = new Namespace(this.#table);
    this.#addDaxdev(primary.uuid, primary.size, -1, primary.reserved);
  }

  /**
   * Applies the entries of the slots up to `to` (limited to the log's capacity). The addon decodes and applies sound entries in
   * bulk; every other entry is read again, applied as by apply(), and passed to `visit`.
   */
  applyLog(log: Log, to: number, visit?: (slot: number, decoded: EntryCursor, applied: boolean) => void): void {
    const end = Math.min(to, log.capacity);
    this.#table.replay(log.device, log.offsetOf(0), this.next, end, (slot) => {
      const decoded = log.readSlot(slot);
      const applied = this.apply(slot, decoded);
      visit?.(slot, decoded, applied);
    });
    if (this.#listener !== undefined) this.#tellBlock(this.#listener);
    this.next = Math.max(this.next, end);
  }

  /** The entries of slots [from, to) that are sound by themselves, read again. `to` is at most the log's capacity. */
  read(log: Log, from: number, to: number): AppliedBlock {
    return this.#table.read(log.device, log.offsetOf(0), from, to);
  }

  /** Reports all later entries that take effect to a listener, including appends of this process; undefined: to nobody. */
  listen(listener: AppliedListener | undefined): void {
    this.#listener = listener;
    this.#table.record(listener !== undefined);
  }

  /** Starts or stops keeping the entries that the addon applies by itself, packed, for `kept`. */
  keep(on: boolean): void {
    this.#table.keep(on);
  }

  /** Those that were kept, some at a time; each block is valid until the next is drawn. */
  kept(): Generator<AppliedBlock> {
    return this.#table.kept();
  }

  #tellBlock(listener: AppliedListener): void {
    const block = this.#table.takeRecord();
    if (block.numbers.length > 0) listener.block(block);
  }

  /** Applies the entry of one slot; slots must come in order. Returns whether it took effect. */
  apply(slot: number, decoded: EntryCursor): boolean {
    const { faults } = decoded;
    if (faults.length > 0) this.#reportFaults(slot, decoded);
    const applied = this.#applyDecoded(slot, decoded, faults.length === 0 || isUsable(faults));
    if (!applied) this.skipped++;
    else if (this.#listener !== undefined) {
      this.#tellBlock(this.#listener);
      this.#listener.entry(slot, decoded);
    }
    this.next = slot + 1;
    return applied;
  }

  /** Applies an entry that this process appended, as apply does. */
  applyOwn(slot: number, entry: LogEntry): boolean {
    this.#own.load(entry);
    return this.apply(slot, this.#own);
  }

  /** The bytes of entries that this process is going to append from `slot` on. */
  encode(slot: number, block: AppliedBlock): Buffer {
    return this.#table.encode(slot, block);
  }

  /** Makes room for so many more entries at once: to do so for each block would copy the others every time. */
  reserve(more: number): void {
    this.#table.reserve(this.next + more, more);
  }

  /** Applies such entries once they are appended; they must be sound, and fit the pool and what came before. */
  applyBlock(block: AppliedBlock): void {
    const end = this.next + block.numbers.length / NUMBERS_PER_APPLIED;
    const applied = this.#table.apply(this.next, block);
    if (applied !== end) throw new RangeError(`entry ${applied} that was appended does not fit`);
    if (this.#listener !== undefined) this.#tellBlock(this.#listener);
    this.next = end;
  }

  /** Adjacent slots without a complete entry are bad for one reason, whatever bytes they have. */
  #reportFaults(slot: number, decoded: EntryCursor): void {
    const { type, faults } = decoded;
    const place = type !== undefined && ENTRY_TYPES[type].makesNode ? { slot, path: decoded.path } : { slot };
    if (isFramed(decoded)) {
      for (const { code, ...values } of faults) this.findings.add(code, place, values);
      return;
    }
    if (this.#lastIncomplete !== slot - 1) this.#firstIncomplete = slot;
    this.#lastIncomplete = slot;
    for (const { code, ...values } of faults)
      this.findings.addToRun(code, place, values, `from ${this.#firstIncomplete}`);
  }

  #applyDecoded(slot: number, decoded: EntryCursor, usable: boolean): boolean {
    const { type } = decoded;
    switch (type) {
      case 'FILE':
        return this.#applyFile(slot, decoded, usable);
      case 'MKDIR':
        return usable && this.#name('directory', slot, decoded);
      case 'ADD_DAXDEV':
        return usable && this.#join(slot, decoded.kept(type));
      case undefined:
        return false;
      default:
        return unreachable(type);
    }
  }

  /** Records what a file claims, usable or not; names the file if its extents can lie where they say. */
  #applyFile(slot: number, decoded: EntryCursor, usable: boolean): boolean {
    const framed = isFramed(decoded);
    let misplaced = NONE_MISPLACED;
    for (let i = 0; i < decoded.extentCount; i++) {
      const fault = this.#claimExtent(slot, decoded, i, framed);
      if (fault !== undefined) misplaced = [...misplaced, fault];
    }
    if (!usable) return false;
    for (const report of misplaced) report();
    return misplaced.length === 0 && this.#name('file', slot, decoded);
  }

  #name(kind: 'file' | 'directory', slot: number, decoded: EntryCursor): boolean {
    const fault = this.namespace.add(kind, decoded, slot);
    if (fault === undefined) return true;
    const { path } = decoded;
    const place = { slot, path };
    const parent = parentPath(path);
    if (fault !== 'PATH_DUPLICATE') this.findings.addToRun(fault, place, { parent }, parent);
    else this.findings.add(fault, place, () => ({ firstSlot: this.namespace.get(path)?.slot ?? -1 }));
    return false;
  }

  /** Records what one extent claims. Returns how to report that it cannot lie where it says. */
  #claimExtent(slot: number, decoded: EntryCursor, i: number, framed: boolean): ReportMisplaced | undefined {
    const daxdev = decoded.daxdevs[i] as number;
    const deviceOffset = decoded.offsets[i] as number;
    const length = decoded.lengths[i] as number;
    const target = this.daxdevs[daxdev];
    const end = deviceOffset + length;
    if (target !== undefined) {
      const ledger = framed ? target.ledger : target.doubtful;
      ledger.add(Math.min(deviceOffset, target.size), Math.min(end, target.size), slot);
      if (end <= target.size && deviceOffset >= target.reserved) return undefined;
    } else if (daxdev < MAX_DAXDEVS) this.#claimEarly(daxdev, deviceOffset, end, slot);
    const place = { slot, path: decoded.path, daxdev, deviceOffset, length };
    const { findings } = this;
    const cause = `daxdev ${daxdev}`;
    const daxdevs = this.daxdevs.length;
    if (target === undefined) return () => findings.addToRun('EXTENT_DEVICE', place, { daxdevs }, cause);
    const { size: daxdevSize, reserved: firstByte } = target;
    if (!(end <= daxdevSize)) return () => findings.addToRun('EXTENT_BOUNDS', place, { end, daxdevSize }, cause);
    return () => findings.addToRun('EXTENT_METADATA', place, { firstByte }, cause);
  }

  #claimEarly(daxdev: number, start: number, end: number, slot: number): void {
    const claims = this.#early.get(daxdev) ?? [];
    this.#early.set(daxdev, claims);
    claims.push({ start, end, owner: slot });
  }

  #join(slot: number, entry: AddDaxdevEntry): boolean {
    const { daxdev, deviceUuid, deviceSize } = entry;
    const place = { slot, daxdev };
    const twin = this.daxdevs.find((daxdev) => daxdev.uuid === deviceUuid);
    if (twin !== undefined) this.findings.add('DAXDEV_DUPLICATE', place, { uuid: deviceUuid, daxdev: twin.index });
    const expected = this.daxdevs.length;
    if (daxdev !== expected) this.findings.add('DAXDEV_ORDER', place, { found: daxdev, expected });
    if (twin !== undefined || daxdev !== expected || expected >= MAX_DAXDEVS) return false;
    this.#addDaxdev(deviceUuid, deviceSize, slot, SUPERBLOCK_REGION);
    return true;
  }

  #addDaxdev(uuid: string, size: number, slot: number, reserved: number): void {
    const index = this.daxdevs.length;
    this.#table.addDaxdev(size, reserved);
    const ledger = new ExtentLedger(this.#table, index, false);
    const doubtful = new ExtentLedger(this.#table, index, true);
    for (const { start, end, owner } of this.#early.get(index) ?? [])
      doubtful.add(Math.min(start, size), Math.min(end, size), owner);
    ledger.add(0, Math.min(reserved, size), OWNER_METADATA);
    this.daxdevs.push({ index, uuid, size, slot, reserved, unit: this.unit, ledger, doubtful });
  }
}
