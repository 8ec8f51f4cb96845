import { UsageError } from '../../ui/errors.js';
import { parseValue } from '../../ui/values.js';

/** Permission bits that were given as an argument. Throws UsageError. */
export function modeArgument(name: string, text: string): number {
  try {
    return parseValue({ type: 'mode', summary: '' }, text) as number;
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${name}: ${error.message}`, error.hint) : error;
  }
}
