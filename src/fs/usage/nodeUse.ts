/** What files and directories take of the space of a pool. */
import type { FileEntry } from '../../format/entries/file.js';
import { allocatedBytes } from '../../format/fmap.js';
import { parentPath } from '../../format/path.js';
import type { Node } from '../log/namespace.js';
import type { Volume } from '../pool/volume.js';

/** What is in a directory and below it, or of one file. Sizes in bytes. */
export interface NodeUse {
  /** of the extents of the files */
  readonly allocated: number;
  /** sum of the sizes of the files */
  readonly size: number;
  readonly files: number;
  /** directories below it */
  readonly directories: number;
}

/** Use by path of directories. */
export class DirectoryUses {
  readonly #uses = new Map<string, { -readonly [Key in keyof NodeUse]: NodeUse[Key] }>();

  /** Reads the map of each file once. Throws ENTRY_GONE as fileEntries does. */
  constructor(volume: Volume) {
    for (const { entry } of volume.fileEntries()) this.#add(entry.path, fileUse(entry));
    for (const { kind, path } of volume.replay.namespace.nodes())
      if (kind === 'directory') this.#add(path, { allocated: 0, size: 0, files: 0, directories: 1 });
  }

  of({ path }: Pick<Node, 'path'>): NodeUse {
    return this.#uses.get(path) ?? { allocated: 0, size: 0, files: 0, directories: 0 };
  }

  /** Adds what is at a path to every directory above it. */
  #add(path: string, { allocated, size, files, directories }: NodeUse): void {
    for (let above = path; above !== ''; ) {
      above = parentPath(above);
      const sum = this.#uses.get(above) ?? { allocated: 0, size: 0, files: 0, directories: 0 };
      sum.allocated += allocated;
      sum.size += size;
      sum.files += files;
      sum.directories += directories;
      this.#uses.set(above, sum);
    }
  }
}

/** The use of one file. */
export function fileUse({ fmap, size }: FileEntry): NodeUse {
  return { allocated: allocatedBytes(fmap), size, files: 1, directories: 0 };
}
