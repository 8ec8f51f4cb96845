/** Every failure that a caller can meet is a FamfsError: those of the native layer become one here. */
import { type ErrorCode, FamfsError } from '../fs/errors.js';
import { AddonError } from '../native/addonFile.js';
import { DeviceError } from '../native/error.js';

/** The error as a caller of the library gets it. What is not ours, such as the reason of an abort, stays as it is. */
export function translated(error: unknown): unknown {
  if (error instanceof AddonError) return new FamfsError('ADDON', error.message, { hint: error.hint, cause: error });
  if (!(error instanceof DeviceError)) return error;
  const { code: reason, path, message, offset } = error;
  const code = reason === 'SIGBUS' ? 'SIGBUS' : reason === 'CLOSED' ? 'CLOSED' : 'DEVICE_OPEN';
  return new FamfsError(code, message, {
    details: { device: path, reason, ...(offset !== undefined && { deviceOffset: offset }) },
    cause: error,
  });
}

/** Runs `work`, and throws its failure translated. */
export function translating<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}

/** The same for work that takes time. */
export async function translatingLater<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(error);
  }
}

/** The error for an argument that no function of the library takes. */
export function usage(message: string, hint: string): FamfsError {
  return new FamfsError('USAGE', message, { hint });
}

/** Whether a caught value is an error of famfs, with this code if one is given. */
export function isFamfsError(error: unknown, code?: ErrorCode): error is FamfsError {
  return error instanceof FamfsError && (code === undefined || error.code === code);
}
