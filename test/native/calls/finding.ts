import { DeviceError } from '../../../src/native/device.js';

/** A property that does not hold. */
export class Finding extends Error {}

/** @throws Finding unless it holds */
export function must(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Finding(what());
}

/**
 * Reasons to refuse a call. BAD is an invalid argument, for which the TypeScript face also throws RangeError or TypeError; the
 * others are codes of a DeviceError.
 */
export type Refusal = 'BAD' | 'CLOSED' | 'READ_ONLY' | 'SIGBUS' | 'EBADF';

/** The outcome of a call: its value, or the error that refused it. */
export type Outcome<T> = { readonly value: T; readonly error?: undefined } | { readonly error: unknown };

/** Makes a call that must be refused for one of these reasons; without reasons, it must succeed. */
export function attempt<T>(reasons: readonly Refusal[], call: () => T): Outcome<T> {
  let outcome: Outcome<T>;
  try {
    outcome = { value: call() };
  } catch (error) {
    outcome = { error };
  }
  mustAgree(reasons, outcome);
  return outcome;
}

/** The same for a promise. */
export async function attemptAsync<T>(reasons: readonly Refusal[], call: () => Promise<T>): Promise<Outcome<T>> {
  let outcome: Outcome<T>;
  try {
    outcome = { value: await call() };
  } catch (error) {
    outcome = { error };
  }
  mustAgree(reasons, outcome);
  return outcome;
}

function mustAgree(reasons: readonly Refusal[], outcome: Outcome<unknown>): void {
  if (outcome.error instanceof Finding) throw outcome.error;
  if (!('error' in outcome)) {
    must(reasons.length === 0, () => `is done, in place of ${reasons}`);
    return;
  }
  const { error } = outcome;
  const refusal = refusalOf(error);
  const text = error instanceof Error ? `${error.stack?.split('\n', 3).join('')}` : String(error);
  must(refusal !== undefined && reasons.includes(refusal), () => `is refused, for [${reasons}] expected, by ${text}`);
}

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof DeviceError) return error.code === 'EINVAL' ? 'BAD' : (error.code as Refusal);
  return error instanceof RangeError || error instanceof TypeError ? 'BAD' : undefined;
}
