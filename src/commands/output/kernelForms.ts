/** How the kernel's forms of a map are shown: decoded, in JSON and text, and what kernels have against them. */

import type { Fmap } from '../../format/fmap.js';
import { decodeD, fmapOfD } from '../../format/kernel/d.js';
import type { KernelFinding, KernelForm } from '../../format/kernel/rules.js';
import { decodeV2, fmapOfV2 } from '../../format/kernel/v2.js';
import { V2_REVISIONS, type V2Revision } from '../../format/kernel/v2Rules.js';
import type { Streamed, Style } from '../../ui/command.js';
import { hexDump } from '../../ui/hexDump.js';
import { hex } from '../../ui/units.js';

/** The revisions of form V2, as an option takes them. */
export const revisionOption = {
  type: 'string',
  value: 'REV',
  choices: Object.keys(V2_REVISIONS) as V2Revision[],
  default: 'table',
  summary: 'revision of form v2: first, table, v10 or probe',
  details:
    'first knows one daxdev, table 24 of them; v10 (2026) knows 64, checks the chunk size, and states the size of the ' +
    'reply in it; probe takes replies of up to 16 MiB.',
} as const;

/** A GET_FMAP reply, decoded as far as its bytes go. Numbers over 2^53-1 are null. */
export interface DecodedV2 {
  readonly form: 'v2';
  /** null when not all of it is there */
  readonly header: V2Header | null;
  /** extents of a simple map */
  readonly simple: readonly RawExtent[];
  /** extents of an interleaved map */
  readonly interleaved: readonly V2Interleaved[];
}

interface V2Header {
  /** 0 regular, 1 superblock, 2 log */
  readonly fileType: number;
  readonly reserved1: number;
  readonly version: number;
  /** 0 simple, 1 interleaved */
  readonly extentType: number;
  /** extents that follow */
  readonly extentCount: number;
  /** bytes of the whole reply in later revisions, 0 in the first ones */
  readonly messageSize: number;
  /** bytes */
  readonly fileSize: number | null;
  readonly reserved2: number | null;
}

interface V2Interleaved {
  readonly stripCount: number;
  readonly chunkSize: number;
  /** bytes of the file that the strips hold */
  readonly bytes: number | null;
  readonly reserved: number | null;
  readonly strips: readonly RawExtent[];
}

interface RawExtent {
  readonly daxdev: number;
  readonly deviceOffset: number | null;
  readonly length: number | null;
}

/** An extent-map notification, decoded as far as its bytes go. Numbers over 2^53-1 are null. */
export interface DecodedD {
  readonly form: 'd';
  /** null when not all of it is there */
  readonly header: DHeader | null;
  readonly extents: readonly DExtent[];
}

interface DHeader {
  /** id of the map */
  readonly backingId: number | null;
  /** extents that follow */
  readonly extentCount: number;
  /** bit 0 CREATE, bit 1 CYCLIC */
  readonly flags: number;
  readonly reserved1: number | null;
  readonly reserved2: number | null;
}

interface DExtent {
  readonly fileOffset: number | null;
  /** bytes; the chunk of a cyclic map */
  readonly length: number | null;
  /** id under which the daxdev is registered */
  readonly backingId: number | null;
  /** bytes from the start of that daxdev */
  readonly deviceOffset: number | null;
  readonly reserved1: number | null;
  readonly reserved2: number | null;
}

/** A message decoded. */
export function decodedRow(image: Uint8Array, form: KernelForm): Streamed<DecodedV2 | DecodedD> {
  if (form === 'd') {
    const { header, extents } = decodeD(image);
    const rows = extents.map(({ address, ...rest }) => ({ ...rest, deviceOffset: address }));
    return { form, header: header ?? null, extents: rows };
  }
  const { header, simple, interleaved } = decodeV2(image);
  return { form, header: header ?? null, simple, interleaved };
}

/** A message as hex dump and, unless it is a part of one, field by field. */
export function* messageLines(image: Uint8Array, form: KernelForm, part = false): Generator<string> {
  yield* indent(hexDump(image));
  if (!part) yield* indent(form === 'd' ? linesOfD(image) : linesOfV2(image));
}

function* linesOfV2(image: Uint8Array): Generator<string> {
  const { header, simple, interleaved } = decodeV2(image);
  if (header === undefined) return;
  const { fileType, version, extentType, extentCount, messageSize, fileSize } = header;
  yield `file type ${fileType}, version ${version}, extent type ${extentType}, ${extentCount} extents, ` +
    `message size ${messageSize}, file size ${fileSize}`;
  for (const { daxdev, deviceOffset: offset, length } of simple) yield extentLine(daxdev, offset, length);
  for (const { stripCount, chunkSize, bytes, strips } of interleaved) {
    yield `${stripCount} strips, chunk ${hex(chunkSize)}, ${bytes} bytes`;
    for (const { daxdev, deviceOffset: offset, length } of strips) yield `  ${extentLine(daxdev, offset, length)}`;
  }
}

function* linesOfD(image: Uint8Array): Generator<string> {
  const { header, extents } = decodeD(image);
  if (header === undefined) return;
  const flags = `${(header.flags & 1) === 0 ? '' : ' CREATE'}${(header.flags & 2) === 0 ? '' : ' CYCLIC'}`;
  yield `map id ${hex(header.backingId)}, ${header.extentCount} extents, flags ${hex(header.flags)}${flags}`;
  for (const { fileOffset, length, backingId, address } of extents)
    yield `file offset ${hex(fileOffset)}, length ${hex(length)}, backing id ${backingId}, address ${hex(address)}`;
}

function extentLine(daxdev: number, offset: number, length: number): string {
  return `daxdev ${daxdev}, offset ${hex(offset)}, length ${hex(length)}`;
}

/** What kernels have against a message, or that they have nothing. */
export function* findingLines(findings: readonly KernelFinding[], style: Style): Generator<string> {
  if (findings.length === 0) yield `  ${style.green('a kernel takes it')}`;
  for (const { rule, errno, when, message } of findings) {
    const answer = `${errno ?? 'errno not known'}${when === 'access' ? ' at access' : ''}`;
    yield `  ${(when === 'access' ? style.yellow : style.red)(`${rule} (${answer})`)}: ${message}`;
  }
}

/** Which form a message has: D is told by its flags and its length. */
export function guessForm(image: Uint8Array): KernelForm {
  const { header } = decodeD(image);
  const isD = header !== undefined && (header.flags === 1 || header.flags === 3);
  return isD && image.length === 32 + 48 * header.extentCount ? 'd' : 'v2';
}

/** The map that a message stands for and the size of its file; form D says neither size nor length of strips. */
export function mapOf(
  image: Uint8Array,
  form: KernelForm,
  fileSize: number | undefined,
): { fmap: Fmap; size: number } | undefined {
  if (form === 'v2') {
    const reply = decodeV2(image);
    const fmap = fmapOfV2(reply);
    return fmap && { fmap, size: reply.header?.fileSize ?? 0 };
  }
  const notification = decodeD(image);
  const covered = notification.extents.reduce((sum, { length }) => sum + length, 0);
  const size = fileSize ?? covered;
  const fmap = fmapOfD(notification, size);
  return fmap && { fmap, size };
}

function* indent(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `  ${line}`;
}
