import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `word` is probably a slip for, if one is near enough: two letters, or a third of a long word, may
 * differ (two, since a pair in the wrong order counts as two), but not all of a short one.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.min(Math.max(3, Math.floor(word.length / 3) + 1), word.length);
  for (const candidate of candidates) {
    const edits = distance(word, candidate);
    if (edits < least && edits < candidate.length) [best, least] = [candidate, edits];
  }
  return best;
}
