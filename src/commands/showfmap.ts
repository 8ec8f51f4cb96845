import type { FileEntry } from '../format/entries/file.js';
import { fileYaml } from '../format/fileYaml.js';
import { joinPieces, resolveRange } from '../format/fmap.js';
import type { MapFacts } from '../format/kernel/facts.js';
import { KERNEL_FORM_NAMES, type KernelFormName, kernelForm } from '../format/kernel/forms.js';
import { FamfsError } from '../fs/errors.js';
import { findFile } from '../fs/log/findNode.js';
import { kernelFactsOf } from '../fs/pool/kernelFacts.js';
import type { Volume } from '../fs/pool/volume.js';
import { type Context, defineCommand, type OptionValues, type Result } from '../ui/command.js';
import { UsageError } from '../ui/errors.js';
import { jsonPieces } from '../ui/json.js';
import { deviceOptions, withVolume } from './options/device.js';
import { checkRevision, formSummaries, revisionOption } from './options/kernelForm.js';
import { type FileMap, fileMap, mapLines } from './output/fmapTable.js';
import {
  type FileMessage,
  fileMessage,
  type MessageRow,
  messagePart,
  messageRow,
  messagesText,
} from './output/kernelMessage.js';
import { again, type PieceRow, pieceRow, renderPieces } from './output/piece.js';

/** With a form of kernels as --format: messages; with --format extents: pieces; else maps. */
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
    /** in file order; those that follow each other on one daxdev are joined */
    readonly pieces: readonly PieceRow[];
  }[];
}

interface FileMessages {
  readonly files: readonly MessageRow[];
}

const WITH_PARTS = KERNEL_FORM_NAMES.filter((name) => kernelForm(name).parts !== undefined).join(', ');
const FORMS = KERNEL_FORM_NAMES.join(', ');

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
  ...deviceOptions,
} as const;

type Given = OptionValues<typeof options>;

export const command = defineCommand({
  name: 'showfmap',
  group: 'Look',
  summary: 'print where files lie on the daxdevs',
  details: [
    'Prints the map (fmap) of each file: its strips or extents, each with the daxdev, the offset there and the length. ' +
      'Slack is what the file has allocated but does not use.',
    'With --format, prints the map in another form: yaml, as shadow trees hold it; extents, the ordered list of the pieces ' +
      `that hold the file; or as a kernel gets it: ${formSummaries()}. Messages are printed as a hex dump, field ` +
      'by field, and with what a kernel objects to (see fmap check).',
    `With --max-reply alone, a message of ${WITH_PARTS} is what a server sends to a kernel with a buffer of that size: the ` +
      'header alone where the rest does not fit. With --offset too, it is a page of the message, followed by the offset of ' +
      'the next page or -1, as was proposed for long maps. What a kernel objects to is about the whole message.',
  ],
  examples: [
    { command: 'famfs showfmap data/weights', explains: 'the map of one file' },
    { command: 'famfs showfmap --all --json', explains: 'the maps of all files, for a script' },
    { command: 'famfs showfmap --format v2 --raw data/weights >reply.bin', explains: 'what a kernel would get' },
  ],
  args: [{ name: 'FILE', summary: 'path in the file system', required: false, repeat: true }],
  options,
  seeAlso: ['stat', 'resolve', 'fmap decode', 'fmap check'],
  async run(context, args, given): Promise<Result<ShowfmapDocument>> {
    const { all = false, format, dev } = given;
    if (!all && args.length === 0) throw new UsageError('no file is named', 'name at least one FILE, or give --all');
    if (all && args.length > 0) throw new UsageError('--all and FILE exclude each other', 'give one of them');
    const form = KERNEL_FORM_NAMES.find((name) => name === format);
    checkOptions(context, given, form, all ? Number.POSITIVE_INFINITY : args.length);
    return withVolume(
      context,
      dev,
      (volume) => {
        const files = all ? allFiles(volume) : args.map((path) => namedFile(volume, path));
        if (form !== undefined) return messagesResult(files, form, kernelFactsOf(volume), given);
        if (format === 'extents') return piecesResult(context, files);
        const maps = mapsResult(context, files, format === 'json');
        return format === 'yaml' ? { ...maps, text: () => yamlLines(files) } : maps;
      },
      args,
    );
  },
});

interface File {
  readonly entry: FileEntry;
  /** log slot */
  readonly slot: number;
}

function checkOptions(context: Context, given: Given, form: KernelFormName | undefined, count: number): void {
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

function namedFile(volume: Volume, path: string): File {
  const node = findFile(volume.replay.namespace, path);
  return { entry: volume.fileEntry(node), slot: node.slot };
}

function allFiles(volume: Volume): File[] {
  const nodes = [...volume.replay.namespace.nodes()].filter(({ kind }) => kind === 'file');
  return nodes.map((node) => ({ entry: volume.fileEntry(node), slot: node.slot }));
}

function mapsResult(context: Context, files: readonly File[], asJson: boolean): Result<FileMaps> {
  const maps = again(
    () => files,
    ({ entry }) => fileMap(entry),
  );
  const data = { files: maps };
  if (asJson) return { data, text: () => jsonLines(data) };
  return { data, text: (style) => mapLines(context, style, maps) };
}

function messagesResult(
  files: readonly File[],
  form: KernelFormName,
  factsOf: (slot: number) => MapFacts,
  { raw = false, revision, maxReply, offset }: Given,
): Result<FileMessages> {
  const { parts } = kernelForm(form);
  const toMessage = ({ entry, slot }: File): FileMessage => {
    const message = fileMessage(form, entry, slot, { ...factsOf(slot), revision });
    if (maxReply === undefined || parts === undefined) return message;
    return messagePart(message, { ...entry, slot }, parts, { maxReply, offset });
  };
  const messages = files.map(toMessage);
  const [first] = raw ? messages : [];
  if (first?.length === 0)
    throw new FamfsError(
      'FMAP_UNFIT',
      `${first.path}: form ${form} cannot hold its map: ${first.findings[0]?.message}`,
    );
  return {
    data: { files: again(() => messages, messageRow) },
    text: (style) => messagesText(messages, style),
    ...(first && { bytes: first.image }),
  };
}

function piecesResult(context: Context, files: readonly File[]): Result<FilePieces> {
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
