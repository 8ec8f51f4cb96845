import type { OptionSpec } from './command.js';
import { UsageError } from './errors.js';
import { parseSize } from './size.js';
import { nearest } from './suggest.js';
import { exactBytes } from './units.js';

/**
 * Turns the text of an option's value into the value for `run`.
 * @throws UsageError the text is not such a value, or is not allowed here; the message does not name the option
 */
export function parseValue(spec: OptionSpec, text: string): string | number {
  switch (spec.type) {
    case 'integer':
      return bounded(spec, parseInteger(text), text);
    case 'size':
      return bounded(spec, parseSize(text), text);
    case 'mode':
      return parseMode(text);
    default:
      if (spec.choices) return parseChoice(spec.choices, text);
      // if a script's variable is not set, `--dev "$DEV"` must not mean something else
      if (text === '') throw new UsageError('the value is empty', 'give one, or leave out the option');
      return text;
  }
}

function parseInteger(text: string): number {
  const number = /^(-?\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number)) throw new UsageError(`'${text}' is not a whole number`, 'write it as 12 or 0xc');
  if (!Number.isSafeInteger(number)) throw new UsageError(`'${text}' is too large`, 'the largest is 9007199254740991');
  return number;
}

function parseMode(text: string): number {
  const mode = /^(0o)?[0-7]{1,12}$/.test(text) ? Number.parseInt(text.replace('0o', ''), 8) : Number.NaN;
  if (!(mode <= 0o7777)) throw new UsageError(`'${text}' is not a mode`, 'a mode is octal, 0 to 7777, as in 644');
  return mode;
}

function parseChoice(choices: readonly string[], text: string): string {
  if (choices.includes(text)) return text;
  const near = nearest(text, choices);
  const list = `allowed: ${choices.join(', ')}`;
  throw new UsageError(`'${text}' is not allowed`, near ? `did you mean ${near}? ${list}` : list);
}

function bounded(spec: OptionSpec, number: number, text: string): number {
  const { min = 0, max } = spec;
  const show = spec.type === 'size' ? exactBytes : String;
  const allowed = max === undefined ? `the least is ${show(min)}` : `allowed: ${show(min)} to ${show(max)}`;
  if (number < min) throw new UsageError(`'${text}' is too small`, allowed);
  if (max !== undefined && number > max) throw new UsageError(`'${text}' is too large`, allowed);
  return number;
}
