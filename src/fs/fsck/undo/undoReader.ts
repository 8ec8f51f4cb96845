import { FamfsError } from '../../errors.js';
import type { Host } from '../../host/host.js';
import { hostPath } from '../../host/hostPath.js';
import { readRegularFile } from '../../host/smallFile.js';
import {
  decodePiece,
  FIRST_LINE,
  MOST_IMAGE_BYTES,
  MOST_RECORDS,
  type UndoPiece,
  type UndoRecord,
} from './undoRecord.js';

export interface UndoImage {
  /** absolute path */
  readonly path: string;
  /** in the order of the writes, one or more */
  readonly records: readonly UndoRecord[];
}

/**
 * Reads an undo image. Throws UNDO_FILE, or BAD_HOST_PATH.
 * @param name a relative one starts at the host's cwd
 * @param interrupted the run of fsck was interrupted: the image may end without its last line, in a record that is cut short
 */
export function readUndo(host: Host, name: string, interrupted: boolean): UndoImage {
  const path = hostPath(host, name);
  const { records, last } = piecesOf(path, read(path));
  if (last === 'damaged')
    throw new FamfsError('UNDO_FILE', `${path} is damaged after ${records.length} records`, {
      hint: 'nothing was restored; use an intact copy of it',
    });
  if (last === 'cut short' && records.length > 0 && !interrupted)
    throw new FamfsError('UNDO_FILE', `${path} is incomplete: fsck was interrupted, or the file was truncated`, {
      hint: 'if fsck was interrupted, give --interrupted; otherwise use an intact copy of it',
    });
  if (records.length === 0)
    throw new FamfsError('UNDO_FILE', `${path} has no complete record: that run of fsck changed nothing`);
  return { path, records };
}

/** Whether a file is the undo image of a run that changed nothing, so that it may be lost. */
export function isUnused(path: string): boolean {
  try {
    const image = readRegularFile(path, MOST_IMAGE_BYTES);
    if (FIRST_LINE.startsWith(image.toString('latin1'))) return true;
    return hasFirstLine(image) && decodePiece(image, FIRST_LINE.length, 0).kind === 'cut short';
  } catch {
    return false;
  }
}

function read(path: string): Buffer {
  try {
    return readRegularFile(path, MOST_IMAGE_BYTES);
  } catch (cause) {
    throw new FamfsError('UNDO_FILE', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}

function hasFirstLine(image: Buffer): boolean {
  return image.subarray(0, FIRST_LINE.length).equals(Buffer.from(FIRST_LINE));
}

/** The records, and the item after them. */
function piecesOf(path: string, image: Buffer): { records: UndoRecord[]; last: Exclude<UndoPiece['kind'], 'record'> } {
  if (image.length > 0 && !hasFirstLine(image))
    throw new FamfsError('UNDO_FILE', `${path} is not an undo image of this version of fsck`, {
      hint: 'name the file that fsck --undo made, or one in the folder undo next to the system uuid',
    });
  const records: UndoRecord[] = [];
  for (let at = FIRST_LINE.length; ; ) {
    const piece = decodePiece(image, at, records.length);
    if (piece.kind !== 'record') return { records, last: piece.kind };
    if (records.length === MOST_RECORDS)
      throw new FamfsError('UNDO_FILE', `${path} has more than ${MOST_RECORDS} records`, {
        hint: 'nothing was restored; fsck writes no such undo image',
      });
    records.push(withSharedTexts(piece.record, records.at(-1)));
    at = piece.end;
  }
}

/** A record with the texts of the one before it where they are equal: half a million copies would fill the memory. */
function withSharedTexts(record: UndoRecord, last: UndoRecord | undefined): UndoRecord {
  if (last === undefined) return record;
  const shared = { ...record };
  for (const key of ['device', 'fsUuid', 'deviceUuid', 'systemUuid', 'why'] as const)
    if (last[key] === record[key]) shared[key] = last[key];
  return shared;
}
