/** Reasons why a pool cannot be made as declared, each with its place in the manifest. */
import { FamfsError } from '../errors.js';
import type { Origin } from './declaration.js';

export interface Objection {
  readonly origin: Origin;
  readonly error: FamfsError;
}

/** Thrown with all objections, at least one, before anything is changed. */
export class DeclarationError extends Error {
  constructor(readonly objections: readonly Objection[]) {
    super('the pool cannot be made as declared');
  }
}

/** Throws DeclarationError if there are objections. */
export function refuseAny(objections: readonly Objection[]): void {
  if (objections.length > 0) throw new DeclarationError(objections);
}

/** An existing thing differs from its declaration. @param name `data/file`, or a path of this host */
export function conflict(
  name: string,
  reasons: readonly string[],
  hint: string,
  details: Record<string, unknown>,
): FamfsError {
  return new FamfsError('CONFLICT', `${name} ${reasons.join(', ')}`, { hint, details: { ...details, reasons } });
}

/** Runs `work`. A FamfsError becomes an objection to the declaration at `origin`. */
export function catchObjection<T>(objections: Objection[], origin: Origin, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FamfsError)) throw error;
    objections.push({ origin, error });
    return undefined;
  }
}
