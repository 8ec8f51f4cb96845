/** Compares an existing file or directory with its declaration. */
import { counted } from '../../format/counted.js';
import type { FileEntry } from '../../format/entries/file.js';
import type { Interleave } from '../../format/interleave.js';
import { attributeDifferences } from '../allocate/differences.js';
import { interleaveFor, type Layout } from '../allocate/placement.js';
import type { Node } from '../log/namespace.js';
import type { DeclaredFile, DeclaredNode } from './declaration.js';

/** How what exists differs from its declaration, as ends of a sentence. */
export interface Differences {
  /** kind, size and layout, which never change once a file is made */
  readonly made: readonly string[];
  /** mode, owner and group, which a rewrite of the log can set */
  readonly attributes: readonly string[];
}

export function directoryDifferences(node: Node, declared: DeclaredNode): Differences {
  if (node.kind === 'file') return { made: ['is a file, not a directory'], attributes: [] };
  return { made: [], attributes: attributeDifferences(node, declared) };
}

/** The same for a file. `entry` is called only if a layout is declared. */
export function fileDifferences(
  node: Node,
  declared: DeclaredFile,
  byDefault: Interleave | undefined,
  entry: () => FileEntry,
): Differences {
  if (node.kind === 'directory') return { made: ['is a directory, not a file'], attributes: [] };
  const { size, layout } = declared;
  const made = size === undefined || size === node.size ? [] : [`has ${node.size} bytes, not ${size}`];
  const isStated = (layout.stripes ?? layout.chunkSize ?? layout.daxdevs) !== undefined;
  if (isStated && made.length === 0) made.push(...layoutReasons(entry(), layout, byDefault));
  return { made, attributes: attributeDifferences(node, declared) };
}

function layoutReasons({ fmap, size }: FileEntry, layout: Layout, byDefault: Interleave | undefined): string[] {
  const reasons: string[] = [];
  if (layout.stripes !== undefined) {
    const strips = fmap.layout === 'interleaved' ? fmap.extents.length : 0;
    const declaredStrips = interleaveFor(size, layout, byDefault)?.stripes ?? 0;
    if (strips !== declaredStrips) reasons.push(`has ${stripsText(strips)}, not ${stripsText(declaredStrips)}`);
  }
  if (layout.contiguous && fmap.layout === 'simple' && fmap.extents.length > 1)
    reasons.push(`has ${counted(fmap.extents.length, 'extent')}, not one`);
  if (layout.chunkSize !== undefined && fmap.layout === 'interleaved' && fmap.chunkSize !== layout.chunkSize)
    reasons.push(`has chunks of ${fmap.chunkSize} bytes, not ${layout.chunkSize}`);
  const elsewhere = fmap.extents.find(({ daxdev }) => layout.daxdevs?.includes(daxdev) === false);
  if (elsewhere !== undefined) reasons.push(`is also on daxdev ${elsewhere.daxdev}`);
  return reasons;
}

function stripsText(count: number): string {
  return count === 0 ? 'a simple layout' : counted(count, 'strip');
}
