import { named } from '../../ui/errors.js';
import { parseValue } from '../../ui/values.js';

/** A number, or permission bits, that was given as an argument. Throws UsageError. */
export function numberArgument(type: 'integer' | 'mode', name: string, text: string): number {
  return named(name, () => parseValue({ type, summary: '' }, text) as number);
}
