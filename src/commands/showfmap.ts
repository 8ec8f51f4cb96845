import type { FileEntry } from '../format/entries/file.js';
import { fileYaml } from '../format/fileYaml.js';
import { joinPieces, resolveRange } from '../format/fmap.js';
import { encodeD, mapBackingId } from '../format/kernel/d.js';
import { V2_SHORTEST_PAGE, v2HeaderStruct } from '../format/kernel/v2.js';
import { findFile } from '../fs/log/findNode.js';
import { type Context, defineCommand, type Result, type Style } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { jsonPieces } from '../ui/json.js';
import { type Column, table } from '../ui/table.js';
import { exactBytes, hex } from '../ui/units.js';
import { deviceOptions, withVolume } from './options/device.js';
import { type ExtentRow, type FmapRow, fmapRow } from './output/extent.js';
import { revisionOption } from './output/kernelForms.js';
import {
  type Message,
  type MessageRow,
  messageD,
  messageRow,
  messagesText,
  messageV2,
} from './output/kernelMessage.js';
import { again, type PieceRow, pieceRow, renderPieces } from './output/piece.js';

/** With --format v2 or d: messages; with --format extents: pieces; else maps. */
export type ShowfmapDocument = FileMaps | FilePieces | FileMessages;

interface FileMaps {
  readonly files: readonly FileMap[];
}

interface FileMap extends FmapRow {
  /** relative to the root */
  readonly path: string;
  /** bytes */
  readonly size: number;
}

interface FilePieces {
  readonly files: readonly {
    /** relative to the root */
    readonly path: string;
    /** bytes */
    readonly size: number;
    /** in file order; those that follow each other on one daxdev are joined */
    readonly pieces: readonly PieceRow[];
  }[];
}

interface FileMessages {
  readonly files: readonly MessageRow[];
}

export const command = defineCommand({
  name: 'showfmap',
  group: 'Look',
  summary: 'print where files lie on the daxdevs',
  details: [
    'Prints the map (fmap) of each file: its strips or extents, each with the daxdev, the offset there and the length. ' +
      'Slack is what the file has allocated but does not use.',
    'With --format, prints it in another form: yaml as shadow trees hold it; extents, the ordered list of the pieces that ' +
      'hold the file; v2, the GET_FMAP reply of the FUSE patches of 2025; d, the extent-map notification of mainline ' +
      'kernels. Messages are shown as hex dump, field by field, and with what a kernel has against them.',
    'With --max-reply alone, a v2 reply is what a server answers a kernel with a buffer of that size: the header alone ' +
      'where the rest does not fit. With --offset too, it is a page of the reply, followed by the offset of the next or -1, ' +
      'as it was proposed for long maps.',
  ],
  examples: [
    { command: 'famfs showfmap data/weights', explains: 'the map of one file' },
    { command: 'famfs showfmap --all --json', explains: 'the maps of all files, for a script' },
    { command: 'famfs showfmap --format v2 --raw data/weights >reply.bin', explains: 'what a kernel would get' },
  ],
  args: [{ name: 'FILE', summary: 'path in the file system', required: false, repeat: true }],
  options: {
    all: { type: 'boolean', short: 'a', summary: 'all files' },
    format: {
      type: 'string',
      value: 'FORM',
      choices: ['table', 'json', 'yaml', 'v2', 'd', 'extents'],
      default: 'table',
      summary: 'table, json, yaml, v2, d or extents',
    },
    raw: { type: 'boolean', summary: 'with v2 or d: the bytes of the message of one FILE' },
    revision: revisionOption,
    maxReply: {
      type: 'size',
      value: 'BYTES',
      min: v2HeaderStruct.size,
      summary: "with v2: size of the kernel's buffer",
    },
    offset: { type: 'size', value: 'N', summary: 'with --max-reply: the page that begins at byte N of the reply' },
    ...deviceOptions,
  },
  seeAlso: ['stat', 'resolve', 'fmap decode', 'fmap check'],
  async run(context, args, { all = false, dev, ...form }): Promise<Result<ShowfmapDocument>> {
    if (!all && args.length === 0) throw new UsageError('no file is named', 'name at least one FILE, or give --all');
    if (all && args.length > 0) throw new UsageError('--all and FILE exclude each other', 'give one of them');
    checkForm(context, form, all ? Number.POSITIVE_INFINITY : args.length);
    const files = await withVolume(context, dev, (volume) => {
      const { namespace } = volume.replay;
      const nodes = all
        ? [...namespace.nodes()].filter(({ kind }) => kind === 'file')
        : args.map((path) => findFile(namespace, path));
      return nodes.map((node) => ({ entry: volume.fileEntry(node), slot: node.slot }));
    });
    return show(context, files, form);
  },
});

interface Form {
  readonly format: 'table' | 'json' | 'yaml' | 'v2' | 'd' | 'extents';
  readonly raw: boolean | undefined;
  readonly revision: 'first' | 'table' | 'v10' | 'probe';
  readonly maxReply: number | undefined;
  readonly offset: number | undefined;
}

interface File {
  readonly entry: FileEntry;
  /** log slot */
  readonly slot: number;
}

function checkForm(context: Context, { format, raw = false, maxReply, offset }: Form, count: number): void {
  if (raw && format !== 'v2' && format !== 'd') throw new UsageError('--raw is for --format v2 or d');
  if (raw && count > 1) throw new UsageError('--raw writes the message of one FILE', 'name one FILE');
  if (raw && context.json) throw new UsageError('--raw and --json exclude each other', 'give one of them');
  if (raw && context.terminal) throw new UsageError('--raw is not for a terminal', 'send it to a file or a pipe');
  if (maxReply !== undefined && format !== 'v2') throw new UsageError('--max-reply is for --format v2');
  if (offset !== undefined && maxReply === undefined)
    throw new UsageError('--offset is for --max-reply', 'give it too');
  if (offset !== undefined && maxReply !== undefined && maxReply < V2_SHORTEST_PAGE)
    throw new UsageError(`--max-reply: ${maxReply} bytes hold no page`, `the least is ${V2_SHORTEST_PAGE}`);
}

function show(context: Context, files: readonly File[], form: Form): Result<ShowfmapDocument> {
  const { format } = form;
  if (format === 'v2') return messageResult(files, form, ({ entry }) => messageV2(entry, form));
  if (format === 'd')
    return messageResult(files, form, ({ entry, slot }) => messageD(entry, encodeD(entry.fmap, mapBackingId(slot))));
  if (format === 'extents') return extentsResult(context, files);
  const data = {
    files: again(
      () => files,
      ({ entry }) => fileMap(entry),
    ),
  };
  if (format === 'json') return { data, text: () => jsonLines(data) };
  if (format === 'yaml') return { data, text: () => yamlLines(files) };
  return { data, text: (style) => render(context, style, [...data.files]) };
}

function fileMap(entry: FileEntry): FileMap {
  const { path, size } = entry;
  return { path, size, ...fmapRow(entry) };
}

function messageResult(
  files: readonly File[],
  { raw = false }: Form,
  toMessage: (file: File) => Message,
): Result<FileMessages> {
  const messages = again(() => files, toMessage);
  const [first] = raw ? messages : [];
  return {
    data: { files: again(() => messages, messageRow) },
    text: (style) => messagesText(messages, style),
    ...(first && { bytes: first.image }),
  };
}

function extentsResult(context: Context, files: readonly File[]): Result<FilePieces> {
  const rows = files.map(({ entry }) => {
    const { path, size, fmap } = entry;
    return { path, size, pieces: again(() => joinPieces(resolveRange(fmap, 0, size)), pieceRow) };
  });
  return {
    data: { files: rows },
    async text(style) {
      const lines: Iterable<string>[] = [];
      for (const { path, size, pieces } of rows)
        lines.push([style.bold(path), `  size ${size}`], await renderPieces(context, style, pieces));
      return concat(lines);
    },
  };
}

function* concat(parts: Iterable<Iterable<string>>): Generator<string> {
  for (const part of parts) yield* part;
}

function* yamlLines(files: readonly File[]): Generator<string> {
  for (const { entry } of files) yield* fileYaml(entry).trimEnd().split('\n');
}

function* jsonLines(data: object): Generator<string> {
  let line = '';
  for (const piece of jsonPieces(data)) {
    const [first = '', ...others] = piece.split('\n');
    line += first;
    for (const other of others) {
      yield line;
      line = other;
    }
  }
  yield line;
}

/** Its number, from 0 on, is that of an extent or a strip. */
type NumberedExtent = ExtentRow & { readonly number: number };

function columns(layout: FmapRow['layout']): Column<NumberedExtent>[] {
  return [
    { key: 'number', label: layout === 'simple' ? 'extent' : 'strip', align: 'right' },
    { key: 'daxdev', label: 'daxdev', align: 'right' },
    { key: 'deviceOffset', label: 'device offset', align: 'right', format: hex },
    { key: 'length', label: 'length', align: 'right', format: hex },
  ];
}

async function render(context: Context, style: Style, files: readonly FileMap[]): Promise<string[]> {
  const lines: string[] = [];
  for (const file of files) {
    if (lines.length > 0) lines.push('');
    lines.push(style.bold(file.path), `  ${summaryLine(file)}`);
    const rows = file.extents.map((extent, number) => ({ number, ...extent }));
    lines.push(...(await table(context, style, columns(file.layout), rows)));
  }
  return lines;
}

function summaryLine({ size, chunkSize, stripeSize, allocated, slack }: FileMap): string {
  const layout =
    chunkSize === null
      ? 'simple'
      : `interleaved, chunk ${exactBytes(chunkSize)}, stripe ${exactBytes(stripeSize ?? 0)}`;
  return `size ${size}, ${layout}, allocated ${allocated}, slack ${slack}`;
}
