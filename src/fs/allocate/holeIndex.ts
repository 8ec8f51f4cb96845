/**
 * The holes of one daxdev in the order of their offsets, found by size in logarithmic time: a full or fragmented daxdev may have
 * a million of them. They are kept in leaves of at most MOST_HOLES; over the leaves there is, for each measure, a tree of maxima.
 */
import { firstIndex } from '../../format/firstIndex.js';

/** The size of a hole in some respect, bytes: what of it can serve a request of a certain kind. */
export type Measure = (start: number, end: number) => number;

export interface Hole {
  /** bytes from the start of the daxdev */
  readonly start: number;
  readonly end: number;
}

/** Where a hole is: valid until holes are changed. */
interface Position {
  readonly leaf: number;
  readonly at: number;
}

interface Leaf {
  readonly starts: number[];
  readonly ends: number[];
  /** the largest of its holes by each measure */
  readonly most: number[];
}

const MOST_HOLES = 64;
/** holes of a leaf when it is made: there is room for more before it must be split */
const HOLES_AT_FIRST = 48;

export class HoleIndex {
  #leaves: Leaf[] = [];
  /** of each measure: the maxima of the leaves from index #width on, above each two the larger one */
  #trees: Float64Array[] = [];
  #width = 1;

  /**
   * @param holes ascending, none empty and none touching another
   * @param measures what holes can be found by: by index
   */
  constructor(
    holes: Iterable<Hole>,
    private readonly measures: readonly Measure[],
  ) {
    let leaf = this.#newLeaf([], []);
    for (const { start, end } of holes) {
      if (leaf.starts.length === HOLES_AT_FIRST) leaf = this.#addLeaf(leaf);
      leaf.starts.push(start);
      leaf.ends.push(end);
    }
    if (leaf.starts.length > 0) this.#addLeaf(leaf);
    this.#plant();
  }

  /** The largest hole by a measure; 0 if there are none. */
  most(measure: number): number {
    return this.#tree(measure)[1] as number;
  }

  /** The lowest hole with at least `size` bytes by a measure, of those that end after `after`; undefined if there is none. */
  first(measure: number, size: number, after = 0): Hole | undefined {
    let from = 0;
    if (after > 0) {
      const { leaf, at } = this.#after(after);
      const rest = this.#inLeaf(leaf, at, measure, size);
      if (rest !== undefined) return rest;
      from = leaf + 1;
    }
    const leaf = this.#firstLeaf(this.#tree(measure), from, size);
    return leaf === undefined ? undefined : this.#inLeaf(leaf, 0, measure, size);
  }

  /** The highest hole with at least `size` bytes by a measure; undefined if there is none. */
  last(measure: number, size: number): Hole | undefined {
    const tree = this.#tree(measure);
    if ((tree[1] as number) < size) return undefined;
    let node = 1;
    while (node < this.#width) node = (tree[2 * node + 1] as number) >= size ? 2 * node + 1 : 2 * node;
    const { starts, ends } = this.#leaf(node - this.#width);
    const of = this.measures[measure] as Measure;
    for (let at = starts.length - 1; at >= 0; at--) {
      const hole = { start: starts[at] as number, end: ends[at] as number };
      if (of(hole.start, hole.end) >= size) return hole;
    }
    return undefined;
  }

  /** The lowest hole that ends after an offset; undefined if there is none. */
  after(offset: number): Hole | undefined {
    const { leaf, at } = this.#after(offset);
    return leaf < this.#leaves.length ? this.#hole({ leaf, at }) : undefined;
  }

  /** Takes [start, end) out of the hole in which it lies. */
  cut(start: number, end: number): void {
    const { leaf: index, at } = this.#after(start);
    const leaf = this.#leaf(index);
    const hole = this.#hole({ leaf: index, at });
    if (start === hole.start && end < hole.end) {
      // what most placements do, and the cheapest
      leaf.starts[at] = end;
      this.#measure(leaf);
      this.#grow(index, leaf);
      return;
    }
    const left = [
      { start: hole.start, end: start },
      { start: end, end: hole.end },
    ].filter((rest) => rest.end > rest.start);
    this.#replace(leaf, index, at, 1, left);
  }

  /** Adds [start, end), in which no hole lies, and joins it with the holes that it touches. */
  add(start: number, end: number): void {
    if (this.#leaves.length === 0) {
      this.#addLeaf(this.#newLeaf([start], [end]));
      this.#plant();
      return;
    }
    // what touches it at its start ends there
    const below = this.#after(start - 1);
    const touching = below.leaf < this.#leaves.length ? this.#hole(below) : undefined;
    if (touching?.end === start) {
      this.#remove(below);
      this.add(touching.start, end);
      return;
    }
    const above = this.#after(start);
    const next = above.leaf < this.#leaves.length ? this.#hole(above) : undefined;
    if (next !== undefined && next.start === end) {
      this.#replace(this.#leaf(above.leaf), above.leaf, above.at, 1, [{ start, end: next.end }]);
      return;
    }
    const index = Math.min(above.leaf, this.#leaves.length - 1);
    const leaf = this.#leaf(index);
    this.#replace(leaf, index, index === above.leaf ? above.at : leaf.starts.length, 0, [{ start, end }]);
  }

  /** All holes, ascending. */
  *all(): Generator<Hole> {
    for (const { starts, ends } of this.#leaves)
      for (const [i, start] of starts.entries()) yield { start, end: ends[i] as number };
  }

  /** The sizes of the `count` largest holes by a measure, descending. */
  largest(measure: number, count: number): number[] {
    const of = this.measures[measure] as Measure;
    // the largest holes are in the leaves with the largest maxima
    const leaves = largestOf(this.#leaves, count, ({ most }) => most[measure] as number);
    const sizes = leaves.flatMap(({ starts, ends }) => starts.map((start, i) => of(start, ends[i] as number)));
    return largestOf(sizes, count, (size) => size);
  }

  #remove({ leaf: index, at }: Position): void {
    this.#replace(this.#leaf(index), index, at, 1, []);
  }

  #hole({ leaf, at }: Position): Hole {
    const { starts, ends } = this.#leaf(leaf);
    return { start: starts[at] as number, end: ends[at] as number };
  }

  /** Position of the first hole that ends after `offset`; past the last leaf if there is none. */
  #after(offset: number): Position {
    const leaf = firstIndex(this.#leaves.length, (i) => (this.#leaf(i).ends.at(-1) as number) > offset);
    if (leaf === this.#leaves.length) return { leaf, at: 0 };
    const { ends } = this.#leaf(leaf);
    return { leaf, at: firstIndex(ends.length, (i) => (ends[i] as number) > offset) };
  }

  #inLeaf(leaf: number, from: number, measure: number, size: number): Hole | undefined {
    const { starts, ends } = this.#leaves[leaf] ?? { starts: [], ends: [] };
    const of = this.measures[measure] as Measure;
    for (let at = from; at < starts.length; at++) {
      const start = starts[at] as number;
      const end = ends[at] as number;
      if (of(start, end) >= size) return { start, end };
    }
    return undefined;
  }

  /** The first leaf from index `from` on whose maximum is at least `size`. */
  #firstLeaf(tree: Float64Array, from: number, size: number): number | undefined {
    if (from >= this.#leaves.length) return undefined;
    let node = this.#width + from;
    while ((tree[node] as number) < size) {
      // on to the next node to the right: up as long as this is the right one of two
      while (node % 2 === 1) node >>>= 1;
      if (node === 0) return undefined;
      node++;
    }
    while (node < this.#width) node = (tree[2 * node] as number) >= size ? 2 * node : 2 * node + 1;
    return node - this.#width;
  }

  #replace(leaf: Leaf, index: number, at: number, count: number, holes: readonly Hole[]): void {
    leaf.starts.splice(at, count, ...holes.map(({ start }) => start));
    leaf.ends.splice(at, count, ...holes.map(({ end }) => end));
    if (leaf.starts.length === 0) this.#leaves.splice(index, 1);
    else if (leaf.starts.length > MOST_HOLES) this.#leaves.splice(index, 1, ...this.#halves(leaf));
    else {
      this.#measure(leaf);
      this.#grow(index, leaf);
      return;
    }
    this.#plant();
  }

  #halves({ starts, ends }: Leaf): Leaf[] {
    const half = starts.length >>> 1;
    const halves = [
      this.#newLeaf(starts.slice(0, half), ends.slice(0, half)),
      this.#newLeaf(starts.slice(half), ends.slice(half)),
    ];
    for (const leaf of halves) this.#measure(leaf);
    return halves;
  }

  #newLeaf(starts: number[], ends: number[]): Leaf {
    return { starts, ends, most: this.measures.map(() => 0) };
  }

  /** Adds a leaf after the others; returns a new one. */
  #addLeaf(leaf: Leaf): Leaf {
    this.#measure(leaf);
    this.#leaves.push(leaf);
    return this.#newLeaf([], []);
  }

  #measure({ starts, ends, most }: Leaf): void {
    for (const [measure, of] of this.measures.entries()) {
      let largest = 0;
      for (let i = 0; i < starts.length; i++) {
        const size = of(starts[i] as number, ends[i] as number);
        if (size > largest) largest = size;
      }
      most[measure] = largest;
    }
  }

  /** Builds the trees again: leaves have come or gone. */
  #plant(): void {
    let width = 1;
    while (width < this.#leaves.length) width *= 2;
    this.#width = width;
    this.#trees = this.measures.map((_, measure) => {
      const tree = new Float64Array(2 * width);
      for (const [i, { most }] of this.#leaves.entries()) tree[width + i] = most[measure] as number;
      for (let node = width - 1; node > 0; node--) tree[node] = largerChild(tree, node);
      return tree;
    });
  }

  /** Passes the maxima of a leaf on to the nodes above it. */
  #grow(index: number, { most }: Leaf): void {
    for (const [measure, tree] of this.#trees.entries()) {
      let node = this.#width + index;
      tree[node] = most[measure] as number;
      for (node >>>= 1; node > 0; node >>>= 1) tree[node] = largerChild(tree, node);
    }
  }

  #leaf(index: number): Leaf {
    return this.#leaves[index] as Leaf;
  }

  #tree(measure: number): Float64Array {
    return this.#trees[measure] as Float64Array;
  }
}

function largerChild(tree: Float64Array, node: number): number {
  return Math.max(tree[2 * node] as number, tree[2 * node + 1] as number);
}

/** The `count` items with the largest values, descending; one pass. */
function largestOf<T>(items: readonly T[], count: number, sizeOf: (item: T) => number): T[] {
  const kept: T[] = [];
  for (const item of items) {
    const value = sizeOf(item);
    if (kept.length === count && value <= sizeOf(kept[count - 1] as T)) continue;
    let at = kept.length;
    while (at > 0 && sizeOf(kept[at - 1] as T) < value) at--;
    kept.splice(at, 0, item);
    if (kept.length > count) kept.pop();
  }
  return kept;
}
