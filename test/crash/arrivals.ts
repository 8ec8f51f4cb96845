/** Which pending stores have reached memory when a crash comes. */
import { drawn, type Random } from '../../src/fs/allocate/random.js';
import type { PendingLine } from './cacheModel.js';
import type { Effort } from './scenario.js';

/** For each pending line, how many of its versions have arrived: 0 for the certain contents alone. */
export type Arrival = Uint16Array;

export interface Choice {
  /** for messages */
  readonly name: string;
  readonly arrived: Arrival;
}

const MOST_CUTS = 8;
/** runs of lines that arrive together or not at all, if there are very many */
const RUNS = 6;
const MANY = 256;

/**
 * What a crash may leave of these lines. Always: nothing, all, and each prefix of the stores. For few lines: all subsets. For
 * more: each line alone and all but each line, up to `singles` lines. In addition `samples` random mixtures of lines and words.
 */
export function* choicesOf(
  lines: readonly PendingLine[],
  { samples, singles }: Pick<Effort, 'samples' | 'singles'>,
  random: Random,
): Generator<Choice> {
  const of = (name: string, count: (line: PendingLine, i: number) => number): Choice => ({
    name,
    arrived: Uint16Array.from(lines, count),
  });
  yield of('nothing', () => 0);
  if (lines.length === 0) return;
  yield of('all', whole);
  const stores = orders(lines, ({ store }) => store);
  for (const last of some(stores.slice(0, -1), MOST_CUTS, random))
    yield of(`stores up to ${last}`, (line) => countUpTo(line, ({ store }) => store <= last));
  // few lines have no more subsets than there are single lines to try
  if (2 ** lines.length <= 2 * singles) yield* subsets(lines.length, of);
  else yield* oneByOne(lines, singles, of, random);
  const parts = orders(lines, ({ part }) => part);
  for (let i = 0; i < samples; i++) yield mixture(lines, parts, of, random);
}

type Of = (name: string, count: (line: PendingLine, i: number) => number) => Choice;

const whole = ({ versions }: PendingLine): number => versions.length;

function* subsets(count: number, of: Of): Generator<Choice> {
  for (let mask = 1; mask < 2 ** count - 1; mask++)
    yield of(`subset ${mask}`, (line, i) => ((mask >> i) & 1 ? whole(line) : 0));
}

/** Always includes the first and the last line: one of them holds a magic. */
function* oneByOne(lines: readonly PendingLine[], most: number, of: Of, random: Random): Generator<Choice> {
  for (const picked of some([...lines.keys()], most, random)) {
    const { image, offset } = lines[picked] as PendingLine;
    yield of(`only the line at ${offset} of ${image}`, (line, i) => (i === picked ? whole(line) : 0));
    yield of(`all but the line at ${offset} of ${image}`, (line, i) => (i === picked ? 0 : whole(line)));
  }
}

function mixture(lines: readonly PendingLine[], parts: readonly number[], of: Of, random: Random): Choice {
  const kind = random();
  if (kind < 1 / 3) {
    const last = parts[Math.floor(random() * parts.length)] as number;
    return of(`words up to ${last}`, (line) => countUpTo(line, ({ part }) => part <= last));
  }
  if (lines.length > MANY) {
    const run = Math.ceil(lines.length / RUNS);
    const arrives = Array.from({ length: RUNS }, () => random() < 0.5);
    return of('a mixture of runs', (line, i) => (arrives[Math.floor(i / run)] ? whole(line) : 0));
  }
  if (kind < 2 / 3) return of('a mixture of lines', (line) => (random() < 0.5 ? whole(line) : 0));
  return of('a mixture of words', (line) => Math.floor(random() * (whole(line) + 1)));
}

function countUpTo({ versions }: PendingLine, arrived: (version: PendingLine['versions'][number]) => boolean): number {
  return versions.filter(arrived).length;
}

/** The store numbers that order the versions, ascending. */
function orders(
  lines: readonly PendingLine[],
  orderOf: (version: PendingLine['versions'][number]) => number,
): number[] {
  return [...new Set(lines.flatMap(({ versions }) => versions.map(orderOf)))].sort((a, b) => a - b);
}

/** The first, the last, and others at random. */
function some<T>(items: readonly T[], most: number, random: Random): readonly T[] {
  if (items.length <= most) return items;
  return [items[0] as T, items.at(-1) as T, ...[...drawn(items.slice(1, -1), random)].slice(0, most - 2)];
}
