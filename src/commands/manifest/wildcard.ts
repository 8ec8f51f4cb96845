/** Names that match a part of a pattern of sources, as a shell matches file names. */
import { globMatcher } from '../../ui/glob.js';

/** characters of a pattern: no name has more */
export const LONGEST_PATTERN = 255;

const WILD = /[*?[]/;

/** Whether a part of a path has wildcards. */
export function isWild(part: string): boolean {
  return WILD.test(part.replaceAll(/\\./gs, ''));
}

/** A part without wildcards as the name that it stands for. */
export function plainName(part: string): string {
  return part.replaceAll(/\\(.)/gs, '$1');
}

/** A pattern as globMatcher has it; only one that begins with a dot matches names that do. */
export class Wildcard {
  readonly #fits: (name: string) => boolean;
  readonly #hidden: boolean;

  constructor(pattern: string) {
    this.#fits = globMatcher(pattern);
    this.#hidden = plainName(pattern).startsWith('.');
  }

  matches(name: string): boolean {
    return (this.#hidden || !name.startsWith('.')) && this.#fits(name);
  }
}
