/** Values of a manifest as the file system takes them; what is wrong with one is collected, and the reading goes on. */
import { groupId, userId } from '../../fs/host/users.js';
import { UsageError } from '../../ui/errors.js';
import { parseSize } from '../../ui/size.js';
import { exactBytes } from '../../ui/units.js';
import { parseValue } from '../../ui/values.js';
import { parseDaxdevs } from '../options/layout.js';
import type { Mistake, Place } from './mistakes.js';
import { RangedText, RangeMistake } from './ranges.js';

/** different names of users and groups that are looked up: each starts a process */
const MOST_NAMES = 256;

export class MistakeCollector {
  readonly mistakes: Mistake[] = [];
  readonly #ids = new Map<string, number | undefined>();
  /** the size that was read last: mostly, the next one is the same */
  #size: { readonly value: string | number; readonly bytes: number } | undefined;

  add(place: Place, message: string, hint: string): undefined {
    this.mistakes.push({ place, message, hint });
    return undefined;
  }

  /** Bytes; undefined where there are none, or they are wrong. */
  size(value: string | number | undefined, place: Place, least = 1): number | undefined {
    if (value === undefined) return undefined;
    const known = this.#size?.value === value ? this.#size.bytes : undefined;
    const bytes = known ?? this.#try(place, () => parseSize(String(value)));
    if (bytes === undefined) return undefined;
    if (known === undefined) this.#size = { value, bytes };
    return bytes < least ? this.add(place, `'${value}' is too small`, `the least is ${exactBytes(least)}`) : bytes;
  }

  /** Bytes of a file; undefined where they are wrong, which is for size() to say. */
  soundSize(value: string | number): number | undefined {
    try {
      const bytes = parseSize(String(value));
      return bytes < 1 ? undefined : bytes;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return undefined;
    }
  }

  mode(value: string | number | undefined, place: Place): number | undefined {
    if (value === undefined) return undefined;
    return this.#try(place, () => parseValue({ type: 'mode', summary: '' }, String(value)) as number);
  }

  uid(value: string | number | undefined, place: Place): number | undefined {
    return this.#id(value, place, 'user', userId);
  }

  gid(value: string | number | undefined, place: Place): number | undefined {
    return this.#id(value, place, 'group', groupId);
  }

  /** Indices of daxdevs, ascending. */
  daxdevs(value: string | number | undefined, place: Place): readonly number[] | undefined {
    if (value === undefined) return undefined;
    return this.#try(place, () => parseDaxdevs(String(value)));
  }

  /** A text with its ranges. */
  ranged(text: string, place: Place, literal = false): RangedText | undefined {
    try {
      return new RangedText(text, literal);
    } catch (error) {
      if (!(error instanceof RangeMistake)) throw error;
      return this.add(place, error.message, 'write a range as {000..999}, with the smaller number first');
    }
  }

  #id(
    value: string | number | undefined,
    place: Place,
    kind: 'user' | 'group',
    look: (text: string) => number | undefined,
  ): number | undefined {
    if (value === undefined) return undefined;
    const text = String(value);
    const key = `${kind} ${text}`;
    // a number takes no look-up
    const isNumber = /^\d+$/.test(text);
    if (!isNumber && !this.#ids.has(key)) {
      if (this.#ids.size >= MOST_NAMES)
        return this.add(place, `more than ${MOST_NAMES} different users and groups`, 'write them as numbers');
      this.#ids.set(key, look(text));
    }
    const id = isNumber ? look(text) : this.#ids.get(key);
    return (
      id ??
      this.add(place, `the ${kind} '${value}' is unknown`, 'give a name of this host or a number from 0 to 4294967294')
    );
  }

  #try<T>(place: Place, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return this.add(place, error.message, error.hint ?? 'correct it');
    }
  }
}
