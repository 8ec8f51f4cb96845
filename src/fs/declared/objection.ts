/** What stands against making a pool as it is declared, each with the place where it was said. */
import { FamfsError } from '../errors.js';
import type { Origin } from './declaration.js';

export interface Objection {
  readonly origin: Origin;
  readonly error: FamfsError;
}

/** Thrown with everything that was found, at least one; nothing has changed then. */
export class DeclarationError extends Error {
  constructor(readonly objections: readonly Objection[]) {
    super('the pool cannot be made as it is declared');
  }
}

/** Throws DeclarationError where there is anything to object. */
export function refuseAny(objections: readonly Objection[]): void {
  if (objections.length > 0) throw new DeclarationError(objections);
}

/** What is there is not as it is declared. @param name `data/file`, or a path of this host */
export function conflict(
  name: string,
  reasons: readonly string[],
  hint: string,
  details: Record<string, unknown>,
): FamfsError {
  return new FamfsError('CONFLICT', `${name} ${reasons.join(', ')}`, { hint, details: { ...details, reasons } });
}

/** Runs `work`; an error of the file system becomes an objection to what was said at `origin`. */
export function catchObjection<T>(objections: Objection[], origin: Origin, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FamfsError)) throw error;
    objections.push({ origin, error });
    return undefined;
  }
}
