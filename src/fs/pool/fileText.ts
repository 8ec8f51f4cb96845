/** The text of many files, made by the addon from templates. */
import { RecordText } from '../../native/recordText.js';
import { FileBlock, type FileInLog } from './fileBlock.js';
import type { TextTemplates } from './textTemplate.js';

/** How to print a file by a template: the numbers of the file, then those of its rows. All are whole and of at most 53 bits. */
export interface FilledTemplate<Name extends string> {
  readonly template: Name;
  readonly values: readonly number[];
  /** the values of all rows, one row after the other */
  readonly rows: readonly number[];
  /** for dumps */
  readonly image?: Uint8Array;
}

/** How files are printed many at a time. The path is printed as it is. */
export interface ManyFiles<Name extends string> {
  readonly templates: TextTemplates<Name>;
  /** undefined for a file that no template can print */
  fill(file: FileInLog): FilledTemplate<Name> | undefined;
}

/**
 * The text of files that follow each other and that templates can print, in blocks of a megabyte or so; every other file as it is.
 */
export function* textOfMany<Name extends string>(
  files: Iterable<FileBlock | FileInLog>,
  { templates, fill }: ManyFiles<Name>,
): Generator<Buffer | FileInLog> {
  const text = new RecordText(templates.programs);
  for (const block of files) {
    if (!(block instanceof FileBlock)) {
      yield block;
      continue;
    }
    let waiting = 0;
    for (let i = 0; i < block.count; i++) {
      const file = block.file(i);
      const filled = fill(file);
      if (filled !== undefined) {
        const { template, values, rows, image } = filled;
        text.add(templates.starts[template], block.pathStart(i), block.pathEnd(i), values, rows, image);
        waiting++;
        continue;
      }
      if (waiting > 0) yield text.take(block.paths);
      waiting = 0;
      yield file;
    }
    if (waiting > 0) yield text.take(block.paths);
  }
}
