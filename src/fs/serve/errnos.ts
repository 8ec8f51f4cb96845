/** The errno that a program gets when an operation in a mount fails. */
import { constants } from 'node:os';
import { MAX_PATH_BYTES, pathBytes } from '../../format/path.js';
import { DeviceError } from '../../native/device.js';
import { type ErrorCode, FamfsError } from '../errors.js';

export const { errno: ERRNO } = constants;

const CODES: Partial<Record<ErrorCode, number>> = {
  BAD_PATH: ERRNO.EINVAL,
  BAD_SIZE: ERRNO.EINVAL,
  BAD_LAYOUT: ERRNO.EINVAL,
  EXISTS: ERRNO.EEXIST,
  LOG_FULL: ERRNO.ENOSPC,
  MISSING_DAXDEV: ERRNO.EIO,
  NO_PARENT: ERRNO.ENOENT,
  NO_SPACE: ERRNO.ENOSPC,
  NOT_MASTER: ERRNO.EROFS,
  NOT_UTF8: ERRNO.EILSEQ,
};

/** The errno for an error; EIO for an error without its own. */
export function errnoOf(error: unknown): number {
  if (error instanceof DeviceError) return error.errno ?? ERRNO.EIO;
  if (!(error instanceof FamfsError)) return ERRNO.EIO;
  const { path } = (error.details ?? {}) as { path?: string };
  if (error.code === 'BAD_PATH' && path !== undefined && pathBytes(path).length > MAX_PATH_BYTES)
    return ERRNO.ENAMETOOLONG;
  return CODES[error.code] ?? ERRNO.EIO;
}
