/** Options with which a command does something else than usual, so that most of its other options mean nothing. */
import type { OptionSpec } from '../../ui/command.js';
import { UsageError } from '../../ui/errors.js';
import { longName } from '../../ui/optionNames.js';

/**
 * Throws UsageError for an option beside the one named `key` that is not in `allowed`, because it would have no effect.
 * @param options those of the command; `given` are their values
 */
export function refuseOthers<Name extends string>(
  options: Readonly<Record<Name, OptionSpec>>,
  given: Readonly<Partial<Record<Name, unknown>>>,
  key: Name,
  allowed: readonly Name[] = [],
): void {
  const names = Object.keys(options) as Name[];
  const other = names.find((name) => name !== key && !allowed.includes(name) && isGiven(given[name]));
  if (other === undefined) return;
  const [wrong, alone] = [longName(other, options[other]), longName(key, options[key])];
  throw new UsageError(`--${wrong} is not for --${alone}`, 'leave one of them out');
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
