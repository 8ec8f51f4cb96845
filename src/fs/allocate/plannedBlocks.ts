/** The names of files that are planned as columns, by their paths: they are looked up only if there are others in their directory. */
import type { FileEntry } from '../../format/entries/file.js';
import { parentPath } from '../../format/path.js';

/** Files [from, to) of some columns, which are planned together. */
export interface PlannedFiles {
  readonly from: number;
  readonly to: number;
  path(index: number): string;
  entry(index: number): FileEntry;
}

/** Columns of one directory. */
interface Directory {
  readonly blocks: PlannedFiles[];
  /** of the files of the first `indexed` blocks, by path */
  readonly places: Map<string, { readonly block: PlannedFiles; readonly index: number }>;
  indexed: number;
}

export class PlannedBlocks {
  readonly #directories = new Map<string, Directory>();
  /** number of files */
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds files that all lie in the directory with this path. */
  add(directory: string, block: PlannedFiles): void {
    this.#count += block.to - block.from;
    const known = this.#directories.get(directory);
    if (known !== undefined) known.blocks.push(block);
    else this.#directories.set(directory, { blocks: [block], places: new Map(), indexed: 0 });
  }

  /** The entry that is planned for a path. */
  find(path: string): FileEntry | undefined {
    const directory = this.#count === 0 ? undefined : this.#directories.get(parentPath(path));
    if (directory === undefined) return undefined;
    const { blocks, places } = directory;
    for (; directory.indexed < blocks.length; directory.indexed++) {
      const block = blocks[directory.indexed] as PlannedFiles;
      for (let index = block.from; index < block.to; index++) places.set(block.path(index), { block, index });
    }
    const place = places.get(path);
    return place?.block.entry(place.index);
  }
}
