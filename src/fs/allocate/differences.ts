/** Whether an existing file matches a request. famfs can change none of its properties afterwards. */
import { counted } from '../../format/counted.js';
import type { FileEntry } from '../../format/entries/file.js';
import { octal } from '../../format/fieldText.js';
import type { Interleave } from '../../format/interleave.js';
import type { Layout } from './placement.js';

/** Explicit requests; undefined means that any value will do. */
export interface RequestedAttributes {
  /** permission bits, after the umask */
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

type Attributes = Pick<FileEntry, 'mode' | 'uid' | 'gid'>;

/** How a file or directory differs, each as the end of a sentence: `has mode 0644, not 0600`. */
export function attributeDifferences(existing: Attributes, { mode, uid, gid }: RequestedAttributes): string[] {
  const differences: string[] = [];
  // the reference stores what it is given, which may have bits of the file's type too
  if (mode !== undefined && mode !== (existing.mode & 0o7777))
    differences.push(`has mode ${octal(existing.mode)}, not ${octal(mode)}`);
  if (uid !== undefined && uid !== existing.uid) differences.push(`has owner ${existing.uid}, not ${uid}`);
  if (gid !== undefined && gid !== existing.gid) differences.push(`has group ${existing.gid}, not ${gid}`);
  return differences;
}

/** The first difference; undefined if there is none. */
export function attributeDifference(existing: Attributes, requested: RequestedAttributes): string | undefined {
  return attributeDifferences(existing, requested)[0];
}

/** The same for the layout of a file; `wanted` is the interleave of a new file of its size in this pool. */
export function layoutDifference(
  { fmap }: Pick<FileEntry, 'fmap'>,
  layout: Layout,
  wanted: Interleave | undefined,
): string | undefined {
  const { requested = {}, daxdevs, contiguous } = layout;
  const elsewhere = fmap.extents.find(({ daxdev }) => daxdevs !== undefined && !daxdevs.includes(daxdev));
  if (elsewhere !== undefined) return `is on daxdev ${elsewhere.daxdev}`;
  if (contiguous && fmap.extents.length > 1)
    return `has ${shapeOf(fmap.extents.length, chunkOf(fmap))}, not one extent`;
  if (requested.stripes === undefined && requested.chunkSize === undefined) return undefined;
  const has = shapeOf(fmap.extents.length, chunkOf(fmap));
  if (wanted === undefined) return fmap.layout === 'simple' ? undefined : `has ${has}, and is not simple`;
  const asWanted = shapeOf(wanted.stripes, wanted.chunkSize);
  return has === asWanted ? undefined : `has ${has}, not ${asWanted}`;
}

function chunkOf(fmap: FileEntry['fmap']): number | undefined {
  return fmap.layout === 'interleaved' ? fmap.chunkSize : undefined;
}

function shapeOf(count: number, chunkSize: number | undefined): string {
  return chunkSize === undefined ? counted(count, 'extent') : `${counted(count, 'strip')} of chunk ${chunkSize}`;
}
