/** A range of a daxdev, in bytes: start inclusive, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Ranges, ascending and disjoint, and how many bytes were given more than once. */
export interface Union {
  readonly ranges: readonly Range[];
  /** bytes in all ranges */
  readonly bytes: number;
  /** bytes given again after the first time */
  readonly repeated: number;
}

/** Joins ranges that touch or overlap, given in any order. */
export function joinRanges(given: readonly Range[]): Union {
  const ranges: Range[] = [];
  let bytes = 0;
  let all = 0;
  let last: { start: number; end: number } | undefined;
  for (const { start, end } of [...given].sort((a, b) => a.start - b.start)) {
    all += end - start;
    if (last !== undefined && start <= last.end) {
      bytes += Math.max(end - last.end, 0);
      last.end = Math.max(last.end, end);
      continue;
    }
    last = { start, end };
    ranges.push(last);
    bytes += end - start;
  }
  return { ranges, bytes, repeated: all - bytes };
}
