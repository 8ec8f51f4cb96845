/**
 * The data in the page of `famfs map --html`, as bytes: a JSON header, then columns of numbers. Similar values are stored
 * together and as differences, so that a million strips compress to a few bytes each.
 */
import type { Fmap } from '../format/fmap.js';
import { VarintReader, VarintWriter } from './varints.js';

/** A daxdev; all sizes in bytes. */
export interface PageDaxdev {
  /** index in the pool */
  readonly index: number;
  readonly uuid: string;
  /** path on the host that drew the page, ready to show; null if the daxdev was not there */
  readonly path: string | null;
  readonly state: string;
  readonly size: number;
  /** first byte that files may use */
  readonly begin: number;
  /** log slot of the entry that added it; -1 for the primary */
  readonly slot: number;
  /** ranges that no file has and none can get: start and end of each */
  readonly unusable: readonly number[];
  /** ranges that cannot be read, in the same form */
  readonly poisoned: readonly number[];
}

/** What a placement policy would give if it placed all files again: bytes, as the least, mean and most of several runs. */
export type ExpectedBytes = readonly [least: number, mean: number, most: number];

export interface PageBalance {
  readonly policy: string;
  readonly runs: number;
  /** bytes used, by daxdev */
  readonly expected: readonly ExpectedBytes[];
  /** standard deviation of the bytes used of the daxdevs */
  readonly deviation: ExpectedBytes;
}

export interface PageHeader {
  readonly fsUuid: string;
  /** allocation unit, bytes */
  readonly unit: number;
  /** log slots in use, and log slots in total */
  readonly slots: number;
  readonly slotCapacity: number;
  readonly daxdevs: readonly PageDaxdev[];
  /** what was read to find poison; null: nothing */
  readonly checked: string | null;
  /** null: not computed */
  readonly balance: PageBalance | null;
}

/** The files of a pool in log order, as columns. Offsets and sizes in bytes. */
export interface PageFiles {
  /** ready to show: deceptive characters are escaped */
  readonly paths: readonly string[];
  /** log slots, ascending */
  readonly slots: Uint32Array;
  readonly sizes: Float64Array;
  /** 0 for a simple file */
  readonly chunkSizes: Float64Array;
  /** index of each file's first extent, and the total as the last element */
  readonly firstExtents: Uint32Array;
  /** one element per extent */
  readonly daxdevs: Uint8Array;
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
}

export interface PageData {
  readonly header: PageHeader;
  readonly files: PageFiles;
}

const COLUMNS = ['paths', 'slots', 'sizes', 'chunkSizes', 'counts', 'daxdevs', 'offsets', 'lengths'] as const;
type ColumnName = (typeof COLUMNS)[number];

/** Collects files, in log order. */
export class PageDataWriter {
  readonly #columns = Object.fromEntries(COLUMNS.map((name) => [name, new VarintWriter()])) as Record<
    ColumnName,
    VarintWriter
  >;
  readonly #paths: string[] = [];
  #extents = 0;
  #lastSlot = 0;
  /** by daxdev: the end of the latest extent, where the next one usually begins */
  readonly #ends: number[] = [];

  /** Adds a file; `path` must be safe to show, and every daxdev below 256. */
  add(path: string, slot: number, { size, fmap }: { readonly size: number; readonly fmap: Fmap }): void {
    const { slots, sizes, chunkSizes, counts, daxdevs, offsets, lengths } = this.#columns;
    this.#paths.push(path);
    slots.add(slot - this.#lastSlot);
    this.#lastSlot = slot;
    sizes.add(size);
    chunkSizes.add(fmap.layout === 'interleaved' ? fmap.chunkSize : 0);
    counts.add(fmap.extents.length);
    this.#extents += fmap.extents.length;
    let lastLength = 0;
    for (const { daxdev, deviceOffset, length } of fmap.extents) {
      daxdevs.add(daxdev);
      offsets.addSigned(deviceOffset - (this.#ends[daxdev] ?? 0));
      this.#ends[daxdev] = deviceOffset + length;
      lengths.addSigned(length - lastLength);
      lastLength = length;
    }
  }

  /** All data, including the header. */
  finish(header: PageHeader): Uint8Array {
    const { paths, ...numbers } = this.#columns;
    const text = new TextEncoder().encode(this.#paths.join('\0'));
    const counts = { files: this.#paths.length, extents: this.#extents };
    const head = new TextEncoder().encode(JSON.stringify({ ...header, ...counts }));
    const parts = [head, text, ...Object.values(numbers).map(({ bytes }) => bytes)];
    const lengths = new VarintWriter();
    for (const part of parts) lengths.add(part.length);
    return joined([lengths.bytes, ...parts]);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Reads the output of PageDataWriter. */
export function readPageData(bytes: Uint8Array): PageData {
  const { header, text, columns } = split(bytes);
  const { files, extents } = header;
  const firstExtents = new Uint32Array(files + 1);
  const data: PageFiles = {
    paths: files === 0 ? [] : text.split('\0'),
    slots: new Uint32Array(files),
    sizes: new Float64Array(files),
    chunkSizes: new Float64Array(files),
    firstExtents,
    daxdevs: new Uint8Array(extents),
    offsets: new Float64Array(extents),
    lengths: new Float64Array(extents),
  };
  let slot = 0;
  const ends: number[] = [];
  for (let file = 0; file < files; file++) {
    slot += columns.slots.next();
    data.slots[file] = slot;
    data.sizes[file] = columns.sizes.next();
    data.chunkSizes[file] = columns.chunkSizes.next();
    const first = firstExtents[file] as number;
    const end = first + columns.counts.next();
    firstExtents[file + 1] = end;
    let length = 0;
    for (let i = first; i < end; i++) {
      const daxdev = columns.daxdevs.next();
      const offset = (ends[daxdev] ?? 0) + columns.offsets.nextSigned();
      length += columns.lengths.nextSigned();
      data.daxdevs[i] = daxdev;
      data.offsets[i] = offset;
      data.lengths[i] = length;
      ends[daxdev] = offset + length;
    }
  }
  return { header, files: data };
}

type CountedHeader = PageHeader & { readonly files: number; readonly extents: number };

function split(bytes: Uint8Array): {
  header: CountedHeader;
  text: string;
  columns: Record<Exclude<ColumnName, 'paths'>, VarintReader>;
} {
  const reader = new VarintReader(bytes);
  const lengths = Array.from({ length: COLUMNS.length + 1 }, () => reader.next());
  let at = bytes.length - lengths.reduce((sum, length) => sum + length, 0);
  const [head, text, ...numbers] = lengths.map((length) => {
    at += length;
    return bytes.subarray(at - length, at);
  }) as [Uint8Array, Uint8Array, ...Uint8Array[]];
  const names = COLUMNS.slice(1);
  return {
    header: JSON.parse(new TextDecoder().decode(head)),
    text: new TextDecoder().decode(text),
    columns: Object.fromEntries(names.map((name, i) => [name, new VarintReader(numbers[i] as Uint8Array)])) as Record<
      Exclude<ColumnName, 'paths'>,
      VarintReader
    >,
  };
}
