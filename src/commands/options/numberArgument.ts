import { UsageError } from '../../ui/errors.js';
import { parseValue } from '../../ui/values.js';

/** A number, or permission bits, that was given as an argument. Throws UsageError. */
export function numberArgument(type: 'integer' | 'mode', name: string, text: string): number {
  try {
    return parseValue({ type, summary: '' }, text) as number;
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${name}: ${error.message}`, error.hint) : error;
  }
}
