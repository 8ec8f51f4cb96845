/** Processes many files at once: small ones side by side, large ones with all threads to themselves. */

/** bytes that keep one thread busy: the block that the addon gives to a thread at a time */
const SHARE = 4 * 1024 ** 2;

/** Threads that a file of `size` bytes can use, 1..`threads`. */
export function threadsFor(size: number, threads: number): number {
  return Math.max(1, Math.min(threads, Math.ceil(size / SHARE)));
}

/**
 * Does `work` on every item, begun in order, as many at a time as together use `threads`. The results are in the order of the
 * items. If one throws, no more are begun, those in progress are awaited, and the error is thrown.
 */
export async function workWeighted<T, R>(
  items: readonly T[],
  threads: number,
  weightOf: (item: T) => number,
  work: (item: T, weight: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const running = new Set<Promise<void>>();
  let used = 0;
  let failure: { error: unknown } | undefined;
  for (const [i, item] of items.entries()) {
    const weight = weightOf(item);
    while (used + weight > threads && running.size > 0) await Promise.race(running);
    if (failure !== undefined) break;
    used += weight;
    const done = work(item, weight)
      .then((result) => {
        results[i] = result;
      })
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        used -= weight;
        running.delete(done);
      });
    running.add(done);
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure.error;
  return results;
}
