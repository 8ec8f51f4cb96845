import { distance } from 'fastest-levenshtein';

/** The candidate that `word` is probably a slip for, if one is near enough: a third of its letters may differ. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const edits = distance(word, candidate);
    if (edits < least && edits < candidate.length) [best, least] = [candidate, edits];
  }
  return best;
}
