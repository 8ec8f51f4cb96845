/** What is wrong with a manifest: collected, so that all of it is reported at once, each with its place and what to do. */
import type { Origin } from '../../fs/declared/declaration.js';
import { FamfsError } from '../../fs/errors.js';

/** The keys and indices that lead to a value: ['files', 3, 'size']. */
export type Place = Origin;

/** Counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Mistake {
  readonly place: Place;
  /** point at the name of the last key, not at its value */
  readonly atKey?: boolean;
  /** known already, as of what is not valid YAML */
  readonly position?: Position;
  readonly message: string;
  /** what to do */
  readonly hint: string;
}

/** mistakes that are reported; of a manifest with more, it is said that there are */
export const MOST_REPORTED = 100;

/** `files[3].size` */
export function placeText(place: Place): string {
  return place.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${part}`)).join('');
}

/** FILE:LINE:COLUMN, or FILE alone where the position is not known. */
export function positionText(name: string, at: Position | undefined): string {
  return at === undefined ? name : `${name}:${at.line}:${at.column}`;
}

/**
 * The errors that report mistakes, in the order of the manifest, each with FILE:LINE:COLUMN and the key.
 * @param locate where a place is; undefined where that cannot be said
 * @param isCut there are more than these
 */
export function mistakeErrors(
  name: string,
  mistakes: readonly Mistake[],
  locate: (place: Place, atKey: boolean) => Position | undefined,
  isCut: boolean,
): FamfsError[] {
  const located = mistakes
    .slice(0, MOST_REPORTED)
    .map((mistake) => ({ mistake, at: mistake.position ?? locate(mistake.place, mistake.atKey ?? false) }));
  located.sort(({ at: a }, { at: b }) => (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0));
  const errors = located.map(({ mistake: { place, message, hint }, at }) => {
    const key = placeText(place);
    return new FamfsError('BAD_MANIFEST', `${positionText(name, at)}: ${key === '' ? '' : `${key}: `}${message}`, {
      hint,
      details: { file: name, ...at, key },
    });
  });
  if (isCut || mistakes.length > MOST_REPORTED)
    errors.push(new FamfsError('BAD_MANIFEST', `${name}: there are more mistakes`, { hint: 'correct these first' }));
  return errors;
}

/** Thrown with everything that is wrong with a manifest, at least one error. */
export class BadManifest extends Error {
  constructor(readonly errors: readonly FamfsError[]) {
    super('bad manifest');
  }
}
