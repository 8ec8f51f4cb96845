/** The pool that the page shows: the data embedded in the page, and values derived from it. */
import { firstIndex } from '../format/firstIndex.js';
import type { Fmap } from '../format/fmap.js';
import { type Directories, directoriesOf } from '../picture/directories.js';
import { Lanes } from '../picture/lane.js';
import { type PageData, type PageDaxdev, type PageFiles, type PageHeader, readPageData } from '../picture/pageData.js';

/** Reads the pool from its element: base64 of deflated bytes. */
export async function embeddedPool(element: HTMLElement): Promise<Pool> {
  const text = atob((element.textContent ?? '').trim());
  const packed = Uint8Array.from(text, (char) => char.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Pool(readPageData(new Uint8Array(await new Response(stream).arrayBuffer())));
}

export class Pool {
  readonly header: PageHeader;
  readonly files: PageFiles;
  /** bytes of each file's extents */
  readonly allocated: Float64Array;
  /** bytes of the extents of all files up to and including each file */
  readonly usedUpTo: Float64Array;
  /** the file of each extent */
  readonly fileOf: Uint32Array;
  readonly directories: Directories;
  readonly lanes: Lanes;
  /** bytes of the largest daxdev */
  readonly largest: number;
  /** bytes available to files */
  readonly capacity: number;

  constructor({ header, files }: PageData) {
    this.header = header;
    this.files = files;
    const count = files.paths.length;
    this.allocated = new Float64Array(count);
    this.usedUpTo = new Float64Array(count);
    this.fileOf = new Uint32Array(files.daxdevs.length);
    let used = 0;
    for (let file = 0; file < count; file++) {
      for (let i = files.firstExtents[file]; i < files.firstExtents[file + 1]; i++) {
        this.allocated[file] += files.lengths[i];
        this.fileOf[i] = file;
      }
      used += this.allocated[file];
      this.usedUpTo[file] = used;
    }
    this.directories = directoriesOf(files, this.allocated);
    this.lanes = new Lanes(files, header.daxdevs.length);
    this.largest = header.daxdevs.reduce((size, daxdev) => Math.max(size, daxdev.size), 1);
    this.capacity = header.daxdevs.reduce((sum, daxdev) => sum + capacityOf(daxdev, header.unit), 0);
  }

  get count(): number {
    return this.files.paths.length;
  }

  /** How many files the first `entries` log entries created. */
  filesUpTo(entries: number): number {
    const { slots } = this.files;
    return firstIndex(slots.length, (file) => slots[file] >= entries);
  }

  fmap(file: number): Fmap {
    const { firstExtents, daxdevs, offsets, lengths, chunkSizes } = this.files;
    const first = firstExtents[file];
    const extents = Array.from({ length: firstExtents[file + 1] - first }, (_, i) => ({
      daxdev: daxdevs[first + i],
      deviceOffset: offsets[first + i],
      length: lengths[first + i],
    }));
    const chunkSize = chunkSizes[file];
    return chunkSize === 0 ? { layout: 'simple', extents } : { layout: 'interleaved', chunkSize, extents };
  }
}

/** Bytes of a daxdev that are available to files: whole allocation units after superblock and log. */
export function capacityOf({ size, begin, unusable }: PageDaxdev, unit: number): number {
  let bytes = Math.max(Math.floor(size / unit) * unit - begin, 0);
  for (let i = 0; i < unusable.length; i += 2)
    if (unusable[i] < Math.floor(size / unit) * unit) bytes -= unusable[i + 1] - unusable[i];
  return Math.max(bytes, 0);
}
