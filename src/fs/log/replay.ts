/**
 * Replay: the log's entries, in order, become names and claims on space. One walk serves listing, allocation and fsck.
 */

import { EntryCursor } from '../../format/entries/cursor.js';
import type { AddDaxdevEntry, LogEntry } from '../../format/entries/logEntry.js';
import { isUsable } from '../../format/fault.js';
import { hex } from '../../format/fieldText.js';
import { MAX_DAXDEVS, SUPERBLOCK_REGION } from '../../format/superblock.js';
import { PROBLEMS, type ProblemCode, type ProblemPlace, ProblemTally } from '../finding/problem.js';
import { ExtentLedger, OWNER_METADATA } from './extentLedger.js';
import { isFramed } from './log.js';
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
  /** what entries claim of it; those of unusable entries are in `doubtful` too */
  readonly ledger: ExtentLedger;
  /** claims of entries whose extents cannot be trusted: kept free of other files, but no ground for an overlap */
  readonly doubtful: ExtentLedger;
}

export interface PrimaryFacts {
  readonly uuid: string;
  /** bytes that may be allocated: the smaller of the device's size and what the superblock says */
  readonly size: number;
  /** bytes of superblock and log region */
  readonly reserved: number;
}

/** What happened with one entry. */
export interface Replayed {
  readonly slot: number;
  /** as far as it could be read */
  readonly entry: LogEntry | undefined;
  /** false when the entry was skipped */
  readonly applied: boolean;
}

const KEPT_PROBLEMS = 20;

/** An extent that cannot be where it says. */
interface Misplaced {
  readonly code: ProblemCode;
  readonly place: ProblemPlace;
  readonly detail: string;
}

const NONE_MISPLACED: readonly Misplaced[] = Object.freeze([]);

export class Replay {
  readonly namespace = new Namespace();
  readonly daxdevs: LoggedDaxdev[] = [];
  readonly problems: ProblemTally;
  /** slot that comes next */
  next = 0;
  /** entries that were skipped */
  skipped = 0;

  readonly #own = new EntryCursor();
  /** claims on daxdevs that have not joined: the entry that adds one may be damaged, and one may join in its place */
  readonly #early = new Map<number, ExtentLedger>();

  constructor(primary: PrimaryFacts, keep = KEPT_PROBLEMS) {
    this.problems = new ProblemTally(keep);
    this.#addDaxdev(primary.uuid, primary.size, -1, primary.reserved);
  }

  /** Applies the entry of one slot; slots must come in order. Returns whether it took effect. */
  apply(slot: number, decoded: EntryCursor): boolean {
    const { faults } = decoded;
    if (faults.length > 0) {
      const place = decoded.type === 'FILE' || decoded.type === 'MKDIR' ? { slot, path: decoded.path } : { slot };
      for (const { code, field, found, allowed } of faults)
        this.problems.add(code, place, `${field} is ${found}, allowed is ${allowed}`);
    }
    const applied = this.#applyDecoded(slot, decoded, faults.length === 0 || isUsable(faults));
    if (!applied) this.skipped++;
    this.next = slot + 1;
    return applied;
  }

  /** Applies an entry that was made here, as apply does. */
  applyOwn(slot: number, entry: LogEntry): boolean {
    this.#own.load(entry);
    return this.apply(slot, this.#own);
  }

  #applyDecoded(slot: number, decoded: EntryCursor, usable: boolean): boolean {
    const { type } = decoded;
    if (type === 'FILE') return this.#applyFile(slot, decoded, usable);
    if (!usable) return false;
    if (type === 'MKDIR') return this.#name('directory', slot, decoded);
    return decoded.daxdev !== undefined && this.#join(slot, decoded.daxdev);
  }

  /** Records what a file claims, usable or not; names it where its extents can be where they say. */
  #applyFile(slot: number, decoded: EntryCursor, usable: boolean): boolean {
    const framed = isFramed(decoded);
    let misplaced = NONE_MISPLACED;
    for (let i = 0; i < decoded.extentCount; i++) {
      const fault = this.#claimExtent(slot, decoded, i, framed);
      if (fault !== undefined) misplaced = [...misplaced, fault];
    }
    if (!usable) return false;
    for (const { code, place, detail } of misplaced) this.#report(code, place, detail);
    return misplaced.length === 0 && this.#name('file', slot, decoded);
  }

  #name(kind: 'file' | 'directory', slot: number, decoded: EntryCursor): boolean {
    const fault = this.namespace.add(kind, decoded, slot);
    if (fault === undefined) return true;
    const { path } = decoded;
    const why =
      fault === 'PATH_DUPLICATE'
        ? `was made by log entry ${this.namespace.get(path)?.slot}`
        : 'has no directory to be in';
    this.#report(fault, { slot, path }, why);
    return false;
  }

  /** Records what one extent claims; returns what is wrong when it cannot be where it says. */
  #claimExtent(slot: number, decoded: EntryCursor, i: number, framed: boolean): Misplaced | undefined {
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
    const { path } = decoded;
    const place = { slot, path, daxdev, deviceOffset, length };
    if (target === undefined)
      return {
        code: 'EXTENT_DEVICE',
        place,
        detail: `daxdev ${daxdev}, the pool has ${this.daxdevs.length} here`,
      };
    if (!(end <= target.size))
      return { code: 'EXTENT_BOUNDS', place, detail: `ends at ${hex(end)}, the daxdev at ${hex(target.size)}` };
    return {
      code: 'EXTENT_METADATA',
      place,
      detail: `begins at ${hex(deviceOffset)}, files at ${hex(target.reserved)}`,
    };
  }

  #claimEarly(daxdev: number, start: number, end: number, slot: number): void {
    const ledger = this.#early.get(daxdev) ?? new ExtentLedger();
    this.#early.set(daxdev, ledger);
    ledger.add(start, end, slot);
  }

  #join(slot: number, entry: AddDaxdevEntry): boolean {
    const { daxdev, deviceUuid, deviceSize } = entry;
    const place = { slot, daxdev };
    const twin = this.daxdevs.find((daxdev) => daxdev.uuid === deviceUuid);
    if (twin !== undefined) this.#report('DAXDEV_DUPLICATE', place, `uuid ${deviceUuid} is daxdev ${twin.index}`);
    const expected = this.daxdevs.length;
    if (daxdev !== expected) this.#report('DAXDEV_ORDER', place, `index ${daxdev}, the next is ${expected}`);
    if (twin !== undefined || daxdev !== expected || expected >= MAX_DAXDEVS) return false;
    this.#addDaxdev(deviceUuid, deviceSize, slot, SUPERBLOCK_REGION);
    return true;
  }

  #addDaxdev(uuid: string, size: number, slot: number, reserved: number): void {
    const daxdev = {
      index: this.daxdevs.length,
      uuid,
      size,
      slot,
      reserved,
      ledger: new ExtentLedger(),
      doubtful: this.#early.get(this.daxdevs.length) ?? new ExtentLedger(),
    };
    daxdev.ledger.add(0, Math.min(reserved, size), OWNER_METADATA);
    this.daxdevs.push(daxdev);
  }

  #report(code: ProblemCode, place: ProblemPlace, detail: string): void {
    this.problems.add(code, place, `${PROBLEMS[code].summary}: ${detail}`);
  }
}
