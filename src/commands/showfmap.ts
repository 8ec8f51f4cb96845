import { fileYaml } from '../format/fileYaml.js';
import { joinPieces, resolveRange } from '../format/fmap.js';
import { KERNEL_FORM_NAMES, type KernelFormName, kernelForm } from '../format/kernel/forms.js';
import { FamfsError } from '../fs/errors.js';
import { findFile } from '../fs/log/findNode.js';
import type { FileInLog } from '../fs/pool/fileBlock.js';
import { kernelFactsOf } from '../fs/pool/kernelFacts.js';
import type { Volume } from '../fs/pool/volume.js';
import { type Context, defineCommand, type OptionValues, type Result, type Style } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { jsonPieces } from '../ui/json.js';
import { atOption } from './options/at.js';
import { deviceOptions, listVolume, openFrom, withVolume } from './options/device.js';
import { checkRevision, formSummaries, revisionOption } from './options/kernelForm.js';
import type { FileMap } from './output/fmapTable.js';
import {
  type FileMessage,
  fileMessage,
  type MessageRow,
  messagePart,
  messageRow,
  messageText,
} from './output/kernelMessage.js';
import { type Files, linesOf, oneByOne, rowsOf } from './output/many.js';
import { manyPieceElements, manyPieceTables, manyYamlFiles } from './output/manyMaps.js';
import { manyMessages } from './output/manyMessages.js';
import { type MappedFiles, mapRows, mapTables } from './output/mapList.js';
import { again, type PieceRow, pieceLines, pieceRow, renderPieces } from './output/piece.js';

/** With a kernel form as --format: messages; with --format extents: pieces; otherwise maps. */
export type ShowfmapDocument = FileMaps | FilePieces | FileMessages;

interface FileMaps {
  readonly files: readonly FileMap[];
}

interface FilePieces {
  readonly files: readonly {
    /** relative to the root */
    readonly path: string;
    /** bytes */
    readonly size: number;
    /** in file order; adjacent pieces on one daxdev are joined */
    readonly pieces: readonly PieceRow[];
  }[];
}

interface FileMessages {
  readonly files: readonly MessageRow[];
}

const WITH_PARTS = KERNEL_FORM_NAMES.filter((name) => kernelForm(name).parts !== undefined).join(', ');
const FORMS = KERNEL_FORM_NAMES.join(', ');

/** Tables of more files than this have no borders on a terminal either, because they are slow to lay out. */
const MOST_BORDERED = 100;

const options = {
  all: { type: 'boolean', short: 'a', summary: 'all files' },
  format: {
    type: 'string',
    value: 'FORM',
    choices: ['table', 'json', 'yaml', 'extents', ...KERNEL_FORM_NAMES],
    default: 'table',
    summary: 'what to print instead of a table',
  },
  raw: { type: 'boolean', summary: `with ${FORMS}: the bytes of the message of one FILE` },
  revision: revisionOption,
  maxReply: { type: 'size', value: 'BYTES', summary: `with ${WITH_PARTS}: size of the kernel's buffer` },
  offset: { type: 'size', value: 'N', summary: 'with --max-reply: the page that begins at byte N of the message' },
  ...atOption,
  ...deviceOptions,
} as const;

type Options = OptionValues<typeof options>;

export const command = defineCommand({
  name: 'showfmap',
  aliases: ['getmap'],
  group: 'Look',
  summary: 'print where files lie on the daxdevs',
  details: [
    'Prints the map (fmap) of each file: its strips or extents, each with the daxdev, the offset there and the length. ' +
      'Slack is the space that the file has allocated but does not use.',
    'With --format, prints the map in another form: yaml, as in shadow trees; extents, the ordered list of the pieces ' +
      `that hold the file; or as a kernel gets it: ${formSummaries()}. Messages are printed as a hex dump, field ` +
      'by field, and with the objections of a kernel (see fmap check).',
    `With --max-reply alone, a message of ${WITH_PARTS} is what a server sends to a kernel with a buffer of that size: the ` +
      'header alone if the rest does not fit. With --offset too, it is a page of the message, followed by the offset of ' +
      'the next page or -1, as was proposed for long maps. The objections are about the whole message.',
  ],
  examples: [
    { command: 'famfs showfmap data/weights', explains: 'the map of one file' },
    { command: 'famfs showfmap --all --json', explains: 'the maps of all files, for a script' },
    { command: 'famfs showfmap --format v2 --raw data/weights >reply.bin', explains: 'what a kernel would get' },
  ],
  args: [{ name: 'FILE', summary: 'path in the file system', completes: 'path', required: false, repeat: true }],
  options,
  absentOptions: { '-c': 'famfs fsck --kernel counts the maps that kernels refuse' },
  seeAlso: ['stat', 'resolve', 'fmap decode', 'fmap check'],
  async run(context, args, given): Promise<Result<ShowfmapDocument>> {
    const { all = false, format, at, dev } = given;
    if (!all && args.length === 0) throw new UsageError('no file is named', 'name at least one FILE, or give --all');
    if (all && args.length > 0) throw new UsageError('--all and FILE exclude each other', 'give one of them');
    const form = KERNEL_FORM_NAMES.find((name) => name === format);
    checkOptions(context, given, form, all ? Number.POSITIVE_INFINITY : args.length);
    const bordered = (count: number) => (context.terminal && count <= MOST_BORDERED ? context : undefined);
    const show = (volume: Volume, files: Files): Result<ShowfmapDocument> => {
      if (form !== undefined) return messagesResult(files, form, volume, given);
      const terminal = bordered(all ? volume.replay.namespace.fileCount : args.length);
      if (format === 'extents') return piecesResult(files, terminal);
      if (format === 'yaml') return { data: { files: [] }, text: (style) => yamlLines(files, style) };
      return mapsResult(Array.from(oneByOne(files)), format, terminal);
    };
    if (all && (format === 'table' || format === 'json')) {
      const { volume, record } = openFrom(context, dev, 0, at);
      volume.close();
      return mapsResult(record, format, bordered(volume.replay.namespace.fileCount));
    }
    if (all) return listVolume(context, dev, (volume) => volume.fileBlocks(), show, at);
    const named = (volume: Volume) => args.map((path) => namedFile(volume, path));
    return withVolume(context, dev, (volume) => show(volume, named(volume)), args, at);
  },
});

function checkOptions(context: Context, given: Options, form: KernelFormName | undefined, count: number): void {
  const { format, raw = false, revision, maxReply, offset } = given;
  const refuse = (condition: boolean, message: string, hint?: string) => {
    if (condition) throw new UsageError(message, hint);
  };
  refuse(raw && form === undefined, `--raw is for --format ${FORMS}`);
  refuse(raw && count > 1, '--raw writes the message of one FILE', 'name one FILE');
  refuse(raw && context.json, '--raw and --json exclude each other', 'give one of them');
  refuse(raw && context.terminal, '--raw is not for a terminal', 'send it to a file or a pipe');
  refuse(format === 'yaml' && context.json, '--format yaml and --json exclude each other', 'give one of them');
  refuse(revision !== undefined && form === undefined, `--revision is for --format ${FORMS}`);
  if (form !== undefined) checkRevision(form, revision);
  refuse(offset !== undefined && maxReply === undefined, '--offset is for --max-reply', 'give it too');
  if (maxReply === undefined) return;
  const parts = form && kernelForm(form).parts;
  if (parts === undefined) throw new UsageError(`--max-reply is for --format ${WITH_PARTS}`);
  const least = offset === undefined ? parts.shortest : parts.shortestPage;
  refuse(maxReply < least, `--max-reply: ${maxReply} bytes are too few`, `the least is ${least}`);
}

function namedFile(volume: Volume, path: string): FileInLog {
  const node = findFile(volume.replay.namespace, path);
  return { entry: volume.fileEntry(node), slot: node.slot };
}

/** As a JSON document in place of text for `format` json. */
function mapsResult(files: MappedFiles, format: string, terminal: Context | undefined): Result<FileMaps> {
  const data = { files: mapRows(files) };
  return { data, text: (style) => (format === 'json' ? jsonLines(data) : mapTables(files, style, terminal)) };
}

function messagesResult(files: Files, form: KernelFormName, volume: Volume, given: Options): Result<FileMessages> {
  const { raw = false, revision, maxReply, offset } = given;
  const factsOf = kernelFactsOf(volume, revision);
  const { parts } = kernelForm(form);
  const toMessage = ({ entry, slot }: FileInLog): FileMessage => {
    const message = fileMessage(form, entry, slot, factsOf(slot));
    if (maxReply === undefined || parts === undefined) return message;
    return messagePart(message, { ...entry, slot }, parts, { maxReply, offset });
  };
  // those of named files are complete before the file system is closed
  const made = Array.isArray(files) ? new Map(files.map((file: FileInLog) => [file, toMessage(file)])) : undefined;
  const messageOf = (file: FileInLog) => made?.get(file) ?? toMessage(file);
  if (!raw) {
    const many = (json: boolean) => (maxReply === undefined ? () => manyMessages(form, factsOf, json) : undefined);
    const data = { files: rowsOf(files, many(true), (file) => messageRow(messageOf(file))) };
    return { data, text: (style) => linesOf(files, style, many(false), (file) => messageText(messageOf(file), style)) };
  }
  const [message] = Array.from(oneByOne(files), messageOf);
  if (message === undefined || message.length === 0) throw unfit(message);
  return { data: { files: [] }, text: () => [], bytes: message.image };
}

function unfit(message: FileMessage | undefined): FamfsError {
  const why = message?.findings[0]?.message;
  return new FamfsError('FMAP_UNFIT', `${message?.path}: form ${message?.form} cannot hold its map: ${why}`);
}

/** With borders where a terminal is given. */
function piecesResult(files: Files, terminal: Context | undefined): Result<FilePieces> {
  const toRow = ({ entry: { path, size, fmap } }: FileInLog): FileOfPieces => {
    return { path, size, pieces: again(() => joinPieces(resolveRange(fmap, 0, size)), pieceRow) };
  };
  return {
    data: { files: rowsOf(files, manyPieceElements, toRow) },
    text(style) {
      if (terminal !== undefined) return borderedPieces(terminal, style, Array.from(oneByOne(files), toRow));
      return linesOf(files, style, manyPieceTables, (file) => plainPieces(style, toRow(file)));
    },
  };
}

/** The pieces of a file, computed again for each pass. */
interface FileOfPieces {
  readonly path: string;
  readonly size: number;
  readonly pieces: Iterable<PieceRow>;
}

function* plainPieces(style: Style, { path, size, pieces }: FileOfPieces): Generator<string> {
  yield style.bold(path);
  yield `  size ${size}`;
  yield* pieceLines(style, pieces);
}

async function borderedPieces(context: Context, style: Style, files: readonly FileOfPieces[]): Promise<string[]> {
  const lines: string[] = [];
  for (const { path, size, pieces } of files)
    lines.push(style.bold(path), `  size ${size}`, ...(await renderPieces(context, style, pieces)));
  return lines;
}

function yamlLines(files: Files, style: Style): Iterable<string | Uint8Array> {
  return linesOf(files, style, manyYamlFiles, ({ entry }) => fileYaml(entry).trimEnd().split('\n'));
}

function* jsonLines(data: object): Generator<string | Uint8Array> {
  let line = '';
  for (const piece of jsonPieces(data)) {
    if (typeof piece !== 'string') {
      // continues the line
      yield Buffer.from(line);
      yield piece;
      line = '';
      continue;
    }
    const [first = '', ...others] = piece.split('\n');
    line += first;
    for (const other of others) {
      yield line;
      line = other;
    }
  }
  yield line;
}
