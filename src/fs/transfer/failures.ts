/** What can go wrong with the bytes of a file, as errors that name the place. */
import { hex } from '../../format/fieldText.js';
import { FamfsError } from '../errors.js';
import type { BadRange, WorkResult, Wrong } from './bulkWork.js';
import type { Place } from './fileMap.js';

/** `file offset 0x0, daxdev 1 (/dev/dax1.0) offset 0xa00000` */
export function placeText({ fileOffset, daxdev, device, deviceOffset }: Place): string {
  return `file offset ${hex(fileOffset)}, daxdev ${daxdev} (${device}) offset ${hex(deviceOffset)}`;
}

/**
 * Throws what ended the work on a file too early: POISON, CHANGED, WRONG_BYTE, or CANNOT_READ or CANNOT_WRITE with the
 * errno's name in its details. Being cancelled is no failure.
 * @param path in the file system
 * @param other how the file at the other end is called
 */
export function refuseFailures(path: string, result: WorkResult, other: string): void {
  const [bad] = result.bad;
  if (bad !== undefined) throw badRangeError(path, bad, other);
  if (result.wrong !== undefined) throw wrongByteError(path, result.wrong);
}

function badRangeError(path: string, bad: BadRange, other: string): FamfsError {
  const { code: reason, action, side, fileOffset } = bad;
  if (side === 'device') {
    const message = `${path}: memory cannot be ${action === 'read' ? 'read' : 'written'} at ${placeText(bad)}`;
    return new FamfsError('POISON', message, { hint: poisonHint(action), details: { path, ...bad } });
  }
  if (reason === 'EUNDERRUN') return changedError(other, `it ended at ${fileOffset}`);
  const code = action === 'read' ? 'CANNOT_READ' : 'CANNOT_WRITE';
  return new FamfsError(code, `${other}: cannot ${action} at ${fileOffset}: ${reason}`, {
    details: { path: other, reason },
  });
}

function poisonHint(action: 'read' | 'write'): string {
  return action === 'read'
    ? 'cp --out --skip-bad copies the rest'
    : 'the memory is bad, or nothing is behind it (an image on a full disk)';
}

/** A source that is not what it was when it was looked at. */
export function changedError(source: string, how: string): FamfsError {
  return new FamfsError('CHANGED', `${source} changed while it was read: ${how}`, {
    hint: 'copy it again when nobody writes it',
    details: { path: source },
  });
}

function wrongByteError(path: string, wrong: Wrong): FamfsError {
  const { expected, found } = wrong;
  const message = `${path}: wrong byte at ${placeText(wrong)}: found ${hex(found)}, expected ${hex(expected)}`;
  return new FamfsError('WRONG_BYTE', message, { details: { path, ...wrong } });
}
