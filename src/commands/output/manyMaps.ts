/** The maps of many files at once, in the forms of showfmap: byte for byte what each form is for a single file. */
import type { FileEntry } from '../../format/entries/file.js';
import { isPlainScalar } from '../../format/fileYaml.js';
import { type Fmap, joinPieces, resolveRange } from '../../format/fmap.js';
import { type ManyEntries, OF_ENTRY, OF_EXTENT } from '../../fs/pool/entryText.js';
import type { FilledTemplate, ManyFiles } from '../../fs/pool/fileText.js';
import {
  decimal,
  exactBytes,
  hex,
  octal,
  ofRecord,
  ofRow,
  PATH,
  type Part,
  parts,
  ROW_INDEX,
  TextTemplates,
} from '../../fs/pool/textTemplate.js';
import { BETWEEN_ELEMENTS } from '../../ui/json.js';
import { isSafe, needsNoEscape } from '../../ui/text.js';
import { EXTENT_LABELS, STRIP_LABELS } from './fmapTable.js';
import { JsonParts, quoted } from './jsonParts.js';
import { fmapFields } from './manyEntries.js';
import { GAP } from './numberTable.js';
import { PIECE_LABELS } from './piece.js';

/** Files with more pieces are printed one by one. */
const MOST_PIECES = 1000;

const [daxdev, deviceOffset, length, fileOffset] = [ofRow(0), ofRow(1), ofRow(2), ofRow(3)];

/** As fmapTable.ts prints them, with a blank line between files. */
export function manyMapTables(): ManyEntries {
  const { size, allocated, slack, chunkSize, stripeSize } = OF_ENTRY;
  const cells = [decimal(ROW_INDEX), decimal(OF_EXTENT.daxdev), hex(OF_EXTENT.deviceOffset), hex(OF_EXTENT.length)];
  const file = (layout: readonly Part[], labels: readonly string[]) =>
    parts`${PATH}\n  size ${decimal(size)}, ${layout}, allocated ${decimal(allocated)}, slack ${decimal(slack)}\n${{ labels, cells, gap: GAP }}`;
  const interleaved = parts`interleaved, chunk ${exactBytes(chunkSize)}, stripe ${exactBytes(stripeSize)}`;
  return {
    templates: { simple: file(['simple'], EXTENT_LABELS), interleaved: file(interleaved, STRIP_LABELS) },
    between: '\n',
    isPlain: isSafe,
  };
}

/** As elements of a JSON array, as fileMap of fmapTable.ts has them. */
export function manyMapElements(): ManyEntries {
  const json = new JsonParts();
  const file = (layout: string, chunk: Part, stripe: Part) =>
    json.object([['path', quoted(PATH)], ['size', decimal(OF_ENTRY.size)], ...fmapFields(json, layout, chunk, stripe)]);
  return {
    templates: {
      simple: file('simple', 'null', 'null'),
      interleaved: file('interleaved', decimal(OF_ENTRY.chunkSize), decimal(OF_ENTRY.stripeSize)),
    },
    between: BETWEEN_ELEMENTS,
    isPlain: needsNoEscape,
  };
}

/** As format/fileYaml.ts makes them. */
export function manyYamlFiles(): ManyFiles<'simple' | 'interleaved'> {
  const [size, flags, mode, chunk] = [ofRecord(0), ofRecord(1), ofRecord(2), ofRecord(3)];
  const [uid, gid, count] = [ofRecord(4), ofRecord(5), ofRecord(6)];
  const extents = (indent: string) => {
    const rows = parts`${indent}- devindex: ${decimal(daxdev)}\n${indent}  offset: ${hex(deviceOffset)}\n${indent}  length: ${hex(length)}\n`;
    return parts`${indent}simple_ext_list:\n${{ rows, between: '' }}...\n`;
  };
  const head = parts`---\nfile:\n  path: ${PATH}\n  size: ${decimal(size)}\n  flags: ${decimal(flags)}\n  mode: ${octal(mode)}\n  uid: ${decimal(uid)}\n  gid: ${decimal(gid)}\n  nextents: `;
  const templates = {
    simple: parts`${head}${decimal(count)}\n${extents('  ')}`,
    interleaved: parts`${head}1\n  striped_ext_list:\n  - nstrips: ${decimal(count)}\n    chunk_size: ${hex(chunk)}\n${extents('    ')}`,
  };
  return {
    templates: new TextTemplates(templates, { between: '', values: 7, rowValues: 3 }),
    fill({ entry: { path, size, flags, mode, uid, gid, fmap } }) {
      if (!isPlainScalar(path)) return undefined;
      const chunk = fmap.layout === 'interleaved' ? fmap.chunkSize : 0;
      const values = [size, flags, mode, chunk, uid | 0, gid | 0, fmap.extents.length];
      return { template: fmap.layout, values, rows: extentValues(fmap) };
    },
  };
}

function extentValues({ extents }: Fmap): number[] {
  const values: number[] = [];
  for (const { daxdev, deviceOffset, length } of extents) values.push(daxdev, deviceOffset, length);
  return values;
}

/** As piece.ts prints them. */
export function manyPieceTables(): ManyFiles<'file'> {
  const size = ofRecord(0);
  const cells = [decimal(daxdev), hex(deviceOffset), hex(length), hex(fileOffset)];
  const file = parts`${PATH}\n  size ${decimal(size)}\n${{ labels: PIECE_LABELS, cells, gap: GAP }}`;
  return {
    templates: new TextTemplates({ file }, { between: '', values: 1, rowValues: 4 }),
    fill: ({ entry }) => (isSafe(entry.path) ? filledPieces(entry) : undefined),
  };
}

/** As elements of a JSON array. */
export function manyPieceElements(): ManyFiles<'file'> {
  const size = ofRecord(0);
  const pieces: Part = {
    rows: parts`{"daxdev":${decimal(daxdev)},"deviceOffset":${decimal(deviceOffset)},"length":${decimal(length)},"fileOffset":${decimal(fileOffset)}}`,
    between: ',',
  };
  const file = parts`{"path":"${PATH}","size":${decimal(size)},"pieces":[${pieces}]}`;
  return {
    templates: new TextTemplates({ file }, { between: BETWEEN_ELEMENTS, values: 1, rowValues: 4 }),
    fill: ({ entry }) => (needsNoEscape(entry.path) ? filledPieces(entry) : undefined),
  };
}

/** Undefined for too many pieces. */
function filledPieces({ fmap, size }: FileEntry): FilledTemplate<'file'> | undefined {
  const rows: number[] = [];
  for (const { daxdev, deviceOffset, length, fileOffset } of joinPieces(resolveRange(fmap, 0, size)))
    if (rows.push(daxdev, deviceOffset, length, fileOffset) > 4 * MOST_PIECES) return undefined;
  return { template: 'file', values: [size], rows };
}
