/** Whether an existing file matches a request. famfs can change none of its properties afterwards. */
import type { FileEntry } from '../../format/entries/file.js';
import { octal } from '../../format/fieldText.js';
import type { Interleave } from '../../format/interleave.js';

import type { Layout } from './placement.js';

/** Explicit requests; undefined means that any value will do. */
export interface AskedAttributes {
  /** permission bits, after the umask */
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** How the file differs, as the end of a sentence: `has mode 0644, not 0600`; undefined if it does not. */
export function differenceFrom(
  entry: Pick<FileEntry, 'mode' | 'uid' | 'gid'>,
  { mode, uid, gid }: AskedAttributes,
): string | undefined {
  if (mode !== undefined && mode !== entry.mode) return `has mode ${octal(entry.mode)}, not ${octal(mode)}`;
  if (uid !== undefined && uid !== entry.uid) return `has owner ${entry.uid}, not ${uid}`;
  if (gid !== undefined && gid !== entry.gid) return `has group ${entry.gid}, not ${gid}`;
  return undefined;
}

/** The same for its layout; `wanted` is the interleave of the layout in this pool. */
export function layoutDifference(
  { size, fmap }: Pick<FileEntry, 'size' | 'fmap'>,
  layout: Layout,
  wanted: Interleave | undefined,
): string | undefined {
  const { asked = {}, daxdevs, contiguous } = layout;
  const elsewhere = fmap.extents.find(({ daxdev }) => daxdevs !== undefined && !daxdevs.includes(daxdev));
  if (elsewhere !== undefined) return `is on daxdev ${elsewhere.daxdev}`;
  if (contiguous && fmap.extents.length > 1)
    return `has ${shapeOf(fmap.extents.length, chunkOf(fmap))}, not one extent`;
  if (asked.stripes === undefined && asked.chunkSize === undefined) return undefined;
  // the layout of a new file of this size
  const interleave = wanted !== undefined && size >= wanted.chunkSize ? wanted : undefined;
  const has = shapeOf(fmap.extents.length, chunkOf(fmap));
  if (interleave === undefined) return fmap.layout === 'simple' ? undefined : `has ${has}, and is not simple`;
  const asWanted = shapeOf(interleave.stripes, interleave.chunkSize);
  return has === asWanted ? undefined : `has ${has}, not ${asWanted}`;
}

function chunkOf(fmap: FileEntry['fmap']): number | undefined {
  return fmap.layout === 'interleaved' ? fmap.chunkSize : undefined;
}

function shapeOf(count: number, chunkSize: number | undefined): string {
  if (chunkSize === undefined) return count === 1 ? '1 extent' : `${count} extents`;
  return `${count === 1 ? '1 strip' : `${count} strips`} of chunk ${chunkSize}`;
}
