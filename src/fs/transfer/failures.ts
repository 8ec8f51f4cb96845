/** Failures of a transfer, as errors that name the place. */
import { hex } from '../../format/fieldText.js';
import { FamfsError } from '../errors.js';
import type { Place } from './fileMap.js';
import type { FaultRange, Mismatch } from './transferFile.js';

/** `file offset 0x0, daxdev 1 (/dev/dax1.0) offset 0xa00000` */
export function placeText({ fileOffset, daxdev, device, deviceOffset }: Place): string {
  return `file offset ${hex(fileOffset)}, daxdev ${daxdev} (${device}) offset ${hex(deviceOffset)}`;
}

/**
 * POISON for memory that cannot be reached, CHANGED for a source that ended too early, otherwise CANNOT_READ or CANNOT_WRITE with
 * the errno's name as `reason` in its details.
 * @param path in the file system
 * @param otherEnd name of the file or stream at the other end
 */
export function faultError(path: string, fault: FaultRange, otherEnd: string): FamfsError {
  const { code: reason, action, side, fileOffset } = fault;
  if (side === 'device') {
    const message = `${path}: memory cannot be ${action === 'read' ? 'read' : 'written'} at ${placeText(fault)}`;
    return new FamfsError('POISON', message, { hint: poisonHint(action), details: { path, ...fault } });
  }
  if (reason === 'EUNDERRUN') return changedError(otherEnd, `it ended at ${fileOffset}`);
  const code = action === 'read' ? 'CANNOT_READ' : 'CANNOT_WRITE';
  return new FamfsError(code, `${otherEnd}: cannot ${action} at ${fileOffset}: ${reason}`, {
    details: { path: otherEnd, reason },
  });
}

function poisonHint(action: 'read' | 'write'): string {
  return action === 'read'
    ? 'cp --out --skip-bad copies the rest'
    : 'the memory is bad, or the disk of the image is full';
}

/** A source that has changed since it was examined. */
export function changedError(source: string, how: string): FamfsError {
  return new FamfsError('CHANGED', `${source} changed while it was being read: ${how}`, {
    hint: 'copy it again when nobody is writing to it',
    details: { path: source },
  });
}

/** WRONG_BYTE. @param path in the file system */
export function mismatchError(path: string, mismatch: Mismatch): FamfsError {
  const { expected, found } = mismatch;
  const message = `${path}: wrong byte at ${placeText(mismatch)}: found ${hex(found)}, expected ${hex(expected)}`;
  return new FamfsError('WRONG_BYTE', message, { details: { path, ...mismatch } });
}

/** Returns the error if it affects only one file, so that the others can go on; throws any other. */
export function asFileError(error: unknown): FamfsError {
  if (error instanceof FamfsError) return error;
  throw error;
}
