/**
 * Other names for names: as long, of the same kind, the same for the same name, and no two alike. The kind is what a check can see:
 * control characters, and bytes that are not UTF-8.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { decodePath, hasControlCharacters, isUtf8Path, RESERVED_NAME } from '../../format/path.js';

const SLASH = 0x2f;
/** names of these have a meaning of their own */
const KEPT: ReadonlySet<string> = new Set(['', '.', '..', RESERVED_NAME]);
const PLAIN = Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789');
/** for names that many others have used up: printable ASCII without blank, dot and slash */
const WIDE = Buffer.from(
  Array.from({ length: 94 }, (_, i) => 0x21 + i).filter((byte) => byte !== 0x2e && byte !== SLASH),
);
/** attempts with PLAIN */
const PLAIN_ATTEMPTS = 8;
/** control characters, starting at 1 */
const CONTROLS = 31;
const NOT_UTF8 = 0xff;
/** up to this length, every name of a kind may be needed for another */
const SHORT = 2;
/** attempts to find a name that is free, before one is used twice */
const MOST_ATTEMPTS = 200;

interface Kind {
  readonly control: boolean;
  readonly utf8: boolean;
}

export class NameMap {
  /** not stored anywhere, so that names cannot be found by trying */
  readonly #key = randomBytes(32);
  /** both by the bytes as latin1 */
  readonly #known = new Map<string, Buffer>();
  readonly #used = new Set<string>();

  /** Replaces the names in a path, in place; slashes stay. */
  scramble(path: Uint8Array): void {
    let start = 0;
    for (let at = 0; at <= path.length; at++) {
      if (at < path.length && path[at] !== SLASH) continue;
      path.set(this.#otherName(Buffer.from(path.subarray(start, at))), start);
      start = at + 1;
    }
  }

  #otherName(name: Buffer): Buffer {
    const text = name.toString('latin1');
    if (KEPT.has(text)) return name;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const other = this.#freeName(name);
    this.#known.set(text, other);
    this.#used.add(other.toString('latin1'));
    return other;
  }

  #freeName(name: Buffer): Buffer {
    const kind = kindOf(name);
    let candidate = name;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      candidate = this.#candidate(name, kind, attempt);
      if (!this.#used.has(candidate.toString('latin1'))) return candidate;
    }
    if (name.length <= SHORT) {
      const all = shortNames(name.length, kind);
      const first = this.#hash(name, 0).readUInt32LE(0) % all.length;
      for (let i = 0; i < all.length; i++) {
        const free = all[(first + i) % all.length] as Buffer;
        if (!this.#used.has(free.toString('latin1'))) return free;
      }
    }
    return candidate;
  }

  #candidate(name: Buffer, { control, utf8 }: Kind, attempt: number): Buffer {
    const other = Buffer.alloc(name.length);
    const alphabet = attempt < PLAIN_ATTEMPTS ? PLAIN : WIDE;
    let digest = this.#hash(name, attempt);
    for (let i = 0; i < other.length; i++) {
      if (i > 0 && i % digest.length === 0) digest = this.#hash(digest, attempt);
      other[i] = alphabet[(digest[i % digest.length] as number) % alphabet.length] as number;
    }
    if (control) other[other.length - 1] = 1 + ((digest.at(-1) as number) % CONTROLS);
    if (!utf8) other[0] = NOT_UTF8;
    return other;
  }

  #hash(name: Buffer, attempt: number): Buffer {
    return createHmac('sha256', this.#key).update(String(attempt)).update(name).digest();
  }
}

function kindOf(name: Uint8Array): Kind {
  const text = decodePath(name);
  return { control: hasControlCharacters(text), utf8: isUtf8Path(text) };
}

const SHORT_NAMES = new Map<string, readonly Buffer[]>();

/** All names of one or two bytes of a kind. */
function shortNames(length: number, { control, utf8 }: Kind): readonly Buffer[] {
  const key = `${length} ${control} ${utf8}`;
  const known = SHORT_NAMES.get(key);
  if (known !== undefined) return known;
  const names: Buffer[] = [];
  for (let number = 0; number < 256 ** length; number++) {
    const name = length === 1 ? Buffer.of(number) : Buffer.of(number >>> 8, number & 0xff);
    if (name.includes(0) || name.includes(SLASH) || KEPT.has(name.toString('latin1'))) continue;
    const kind = kindOf(name);
    if (kind.control === control && kind.utf8 === utf8) names.push(name);
  }
  SHORT_NAMES.set(key, names);
  return names;
}
