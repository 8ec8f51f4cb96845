/** Names that match a pattern with wildcards, as a shell matches them. Time is bounded by the product of both lengths. */

/** characters of a pattern: no name has more */
export const LONGEST_PATTERN = 255;

type Token = { readonly kind: 'any' } | { readonly kind: 'one'; matches(character: string): boolean };

const ANY: Token = { kind: 'any' };
const WILD = /[*?[]/;

/** Whether a part of a path has wildcards. */
export function isWild(part: string): boolean {
  return WILD.test(part.replaceAll(/\\./gs, ''));
}

/** A part without wildcards as the name that it stands for. */
export function plainName(part: string): string {
  return part.replaceAll(/\\(.)/gs, '$1');
}

/** `*`: any characters; `?`: one; `[a-z]` and `[!a-z]`: one of these, or none of these; `\` before a character: that character. */
export class Wildcard {
  readonly #tokens: Token[];
  /** only a pattern that begins with a dot matches names that do */
  readonly #hidden: boolean;

  constructor(pattern: string) {
    this.#tokens = tokensOf([...pattern]);
    this.#hidden = plainName(pattern).startsWith('.');
  }

  matches(name: string): boolean {
    if (name.startsWith('.') && !this.#hidden) return false;
    const characters = [...name];
    const tokens = this.#tokens;
    let [at, token] = [0, 0];
    // where to go on when what follows the last `*` does not match: it takes one character more
    let retry: { at: number; token: number } | undefined;
    while (at < characters.length) {
      const next = tokens[token];
      if (next?.kind === 'any') {
        token++;
        retry = { at, token };
      } else if (next?.matches(characters[at] as string)) {
        at++;
        token++;
      } else {
        if (retry === undefined) return false;
        retry.at++;
        ({ at, token } = retry);
      }
    }
    return tokens.slice(token).every(({ kind }) => kind === 'any');
  }
}

function tokensOf(pattern: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] as string;
    if (character === '*') {
      if (tokens.at(-1) !== ANY) tokens.push(ANY);
    } else if (character === '?') {
      tokens.push({ kind: 'one', matches: () => true });
    } else if (character === '[') {
      const end = pattern.indexOf(']', i + 2);
      tokens.push(end < 0 ? exactly('[') : oneOf(pattern.slice(i + 1, end)));
      if (end >= 0) i = end;
    } else if (character === '\\' && i + 1 < pattern.length) {
      tokens.push(exactly(pattern[++i] as string));
    } else tokens.push(exactly(character));
  }
  return tokens;
}

function exactly(wanted: string): Token {
  return { kind: 'one', matches: (character) => character === wanted };
}

/** @param inside what is between the brackets */
function oneOf(inside: readonly string[]): Token {
  const negated = inside[0] === '!' || inside[0] === '^';
  const members = negated ? inside.slice(1) : inside;
  const ranges: { readonly first: string; readonly last: string }[] = [];
  for (let i = 0; i < members.length; i++) {
    const first = members[i] as string;
    const isRange = members[i + 1] === '-' && i + 2 < members.length;
    ranges.push({ first, last: isRange ? (members[i + 2] as string) : first });
    if (isRange) i += 2;
  }
  const has = (character: string) => ranges.some(({ first, last }) => first <= character && character <= last);
  return { kind: 'one', matches: (character) => has(character) !== negated };
}
