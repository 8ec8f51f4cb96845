/** The ranges of daxdevs that the records of an undo image cover: each is read and compared once, however many write to it. */
import type { MappedDevice } from '../../../native/device.js';
import { readShared } from '../../media/sharedMemory.js';
import type { UndoRecord } from './undoRecord.js';
import { overlay, UnknownWords } from './words.js';

/** A range of a daxdev without a gap between the records, which are in the order of the writes. */
export class Run {
  #strange: UnknownWords | undefined;

  constructor(
    /** bytes from the start of the daxdev */
    private readonly offset: number,
    private readonly now: Buffer,
    private readonly records: readonly UndoRecord[],
  ) {}

  /** Whether the daxdev holds what the writes of repairs left or found, where this one wrote. Not after `restore`. */
  isOurs({ offset, before }: UndoRecord): boolean {
    this.#strange ??= new UnknownWords(this.offset, Buffer.from(this.now), this.records, this.records.map(partOf));
    return this.#strange.allOurs({ offset, length: before.length });
  }

  /** Puts the bytes of before into this copy of the range. Returns false where it held them already. */
  restore({ offset, before }: UndoRecord): boolean {
    const start = offset - this.offset;
    if (this.now.subarray(start, start + before.length).equals(before)) return false;
    overlay(this.now, this.offset, { offset, bytes: before });
    return true;
  }
}

/**
 * The runs, each with the indices of its records in ascending order, made as they are drawn. Throws DeviceError for memory that
 * cannot be read.
 */
export function* runsOf(
  records: readonly UndoRecord[],
  devices: ReadonlyMap<string, MappedDevice>,
): Generator<{ readonly run: Run; readonly members: readonly number[] }> {
  for (const members of connected(records)) {
    const own = members.map((i) => records[i] as UndoRecord);
    const from = own.reduce((first, { offset }) => Math.min(first, offset), Number.POSITIVE_INFINITY);
    const end = own.reduce((last, record) => Math.max(last, endOf(record)), 0);
    const device = devices.get((own[0] as UndoRecord).device) as MappedDevice;
    yield { run: new Run(from, readShared(device, from, end - from), own), members };
  }
}

/** The indices of records of one daxdev between which nothing is left out, in ascending order. */
function* connected(records: readonly UndoRecord[]): Generator<number[]> {
  const at = (i: number) => records[i] as UndoRecord;
  const byPlace = (a: UndoRecord, b: UndoRecord) =>
    a.device === b.device ? a.offset - b.offset : a.device < b.device ? -1 : 1;
  let members: number[] = [];
  let end = 0;
  for (const i of [...records.keys()].sort((a, b) => byPlace(at(a), at(b)))) {
    const first = members[0];
    if (first !== undefined && (at(first).device !== at(i).device || at(i).offset >= end)) {
      yield members.sort((a, b) => a - b);
      members = [];
      end = 0;
    }
    members.push(i);
    end = Math.max(end, endOf(at(i)));
  }
  if (members.length > 0) yield members.sort((a, b) => a - b);
}

function endOf({ offset, before }: UndoRecord): number {
  return offset + before.length;
}

function partOf({ offset, before }: UndoRecord): { offset: number; length: number } {
  return { offset, length: before.length };
}
