/** Makes many new files of this host on a thread of its own, while the caller prepares the next ones. */
import { constants } from 'node:os';
import { addon } from './addon.js';
import { DeviceError } from './error.js';

/** numbers of a file that was not made; see cpp/new_files_binding.cc */
const FAULT_NUMBERS = 3;

/** Files as columns. */
export interface NewFileColumns {
  /** descriptors of open folders; they may be closed while the files are made */
  readonly folders: Int32Array;
  /** index of the folder of each file */
  readonly folderOf: Uint32Array;
  /** names in these folders, each ended by a zero byte */
  readonly names: Uint8Array;
  /** one after the other */
  readonly texts: Uint8Array;
  /** where the text of each file ends */
  readonly ends: Uint32Array;
}

/** What came of a batch; files are numbered as in its columns. */
export interface NewFileResults {
  /** whose names are taken */
  readonly taken: readonly number[];
  /** why a file was not made, nor any after it */
  readonly failure?: { readonly file: number; readonly error: DeviceError };
}

export class NewFiles {
  readonly #native = new (addon().NewFiles)();

  /** @param mode permission bits, from which the system takes those of the umask */
  constructor(private readonly mode: number) {}

  /**
   * Begins to make files in their order, after those that are under way: wait for these first, since their results are lost. A name
   * that is taken is passed over; symbolic links are not followed. Throws DeviceError if a folder is not open.
   */
  begin({ folders, folderOf, names, texts, ends }: NewFileColumns): void {
    this.#native.begin(folders, folderOf, names, texts, ends, this.mode);
  }

  /** Waits for the files that are under way. */
  wait(): NewFileResults {
    const faults = this.#native.wait();
    const taken: number[] = [];
    for (let at = 0; at < faults.length; at += FAULT_NUMBERS) {
      const [file = 0, errno = 0, open] = faults.subarray(at, at + FAULT_NUMBERS);
      if (errno !== constants.errno.EEXIST)
        return {
          taken,
          failure: { file, error: new DeviceError({ errno, syscall: open === 1 ? 'open' : 'write', path: '' }) },
        };
      taken.push(file);
    }
    return { taken };
  }
}
