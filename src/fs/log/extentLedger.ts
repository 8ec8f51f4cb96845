/** Which log entry uses which part of one daxdev. All counts are in bytes. */
import type { LogTable } from '../../native/logTable.js';

/** Owner of the superblock and log regions. */
export const OWNER_METADATA = -1;

/** A claim of a log slot on [start, end) of the daxdev, bytes. */
export interface Claim {
  readonly start: number;
  readonly end: number;
  /** log slot, or OWNER_METADATA */
  readonly owner: number;
}

export interface Hole {
  readonly start: number;
  readonly end: number;
}

const NUMBERS_A_CLAIM = 3;

/** One ledger of a daxdev, stored in the addon's table: either of certain claims or of doubtful ones. */
export class ExtentLedger {
  constructor(
    private readonly table: LogTable,
    private readonly daxdev: number,
    private readonly doubtful: boolean,
  ) {}

  /** Records a claim; an empty one is ignored. */
  add(start: number, end: number, owner: number): void {
    this.table.claim(this.daxdev, this.doubtful, start, end, owner);
  }

  get count(): number {
    return this.table.claimTotals(this.daxdev, this.doubtful).count;
  }

  /** bytes of the claims of files, shared space counted once for each */
  get claimedByFiles(): number {
    return this.table.claimTotals(this.daxdev, this.doubtful).bytesOfFiles;
  }

  /** Calls `visit` for each claim that begins before an earlier one ends, and passes that earlier one too. */
  overlaps(visit: (earlier: Claim, later: Claim) => void): void {
    const found = this.table.overlaps(this.daxdev, this.doubtful);
    for (let at = 0; at < found.length; at += 2 * NUMBERS_A_CLAIM)
      visit(claimAt(found, at), claimAt(found, at + NUMBERS_A_CLAIM));
  }

  /** The free ranges of [0, size), ascending, each rounded inwards to `unit`; all in bytes. */
  holes(size: number, unit: number): Hole[] {
    const bounds = this.table.holes(this.daxdev, this.doubtful, size, unit);
    return Array.from({ length: bounds.length / 2 }, (_, i) => ({
      start: bounds[2 * i] as number,
      end: bounds[2 * i + 1] as number,
    }));
  }
}

function claimAt(numbers: Float64Array, at: number): Claim {
  return { start: numbers[at] as number, end: numbers[at + 1] as number, owner: numbers[at + 2] as number };
}
