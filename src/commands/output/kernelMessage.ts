/** The messages that carry the maps of files to kernels, in JSON and text. */

import type { FileEntry } from '../../format/entries/file.js';
import type { MapFacts, MappedFile } from '../../format/kernel/facts.js';
import type { KernelMessage, MessageParts } from '../../format/kernel/form.js';
import {
  type DecodedRow,
  type JudgedMessage,
  judgeFile,
  type KernelFormName,
  kernelForm,
} from '../../format/kernel/forms.js';
import type { KernelFinding } from '../../format/kernel/rule.js';
import { FamfsError } from '../../fs/errors.js';
import type { Streamed, Style } from '../../ui/command.js';
import { hexDump } from '../../ui/hexDump.js';
import { findingLines } from './kernelFinding.js';

/** The message for a file, or a part of it, and the objections of kernels to the whole message. */
export interface FileMessage extends JudgedMessage {
  readonly path: string;
  readonly form: KernelFormName;
  /** bytes of the whole message */
  readonly length: number;
  /** only of a page: the offset of the next one, or -1 */
  readonly next?: number;
}

/** The part of a message to send. */
export interface PartRequest {
  /** bytes of the kernel's buffer */
  readonly maxReply: number;
  /** byte of the message at which a page begins; undefined for the answer to a size probe */
  readonly offset: number | undefined;
}

/** The message for the file of a log slot. */
export function fileMessage(
  form: KernelFormName,
  { path, fmap, size }: FileEntry,
  slot: number,
  facts: MapFacts,
): FileMessage {
  const { image, message, findings } = judgeFile(form, { fmap, size, slot }, facts);
  return { path, form, image, message, length: image.length, findings };
}

/** The part of a message that a server sends. Throws BAD_RANGE if there is no such page. */
export function messagePart(
  whole: FileMessage,
  file: MappedFile,
  parts: MessageParts,
  { maxReply, offset }: PartRequest,
): FileMessage {
  if (whole.length === 0) return whole;
  const { path, form } = whole;
  const stating = parts.encode(file);
  const { length } = stating;
  if (offset === undefined) {
    const image = parts.answer(stating, maxReply);
    return { ...whole, length, image, message: kernelForm(form).decode(image) };
  }
  const page = parts.page(stating, offset, maxReply);
  if (page !== undefined) return { ...whole, length, ...page };
  throw new FamfsError('BAD_RANGE', `${path}: no page of its message of ${length} bytes begins at ${offset}`, {
    hint: 'give 0, or the next offset at the end of the previous page; a page needs 8 bytes besides its records',
    details: { path, offset, length },
  });
}

/** A message, and the objections of kernels to it. */
export type MessageRow = (DecodedRow & MessageBytes) | PageRow;

interface MessageBytes {
  /** of the file */
  readonly path: string;
  /** bytes in `hex` */
  readonly bytes: number;
  /** bytes of the whole message; 0 if a value of the map does not fit into it */
  readonly messageBytes: number;
  /** the bytes, two digits each */
  readonly hex: string;
  readonly findings: readonly KernelFinding[];
}

/** With --offset: a part of a message. */
interface PageRow extends MessageBytes {
  readonly form: KernelFormName;
  /** offset of the next page in the message; -1 for the last one */
  readonly next: number;
}

/** A page is not decoded, because it may begin anywhere in the message. */
export function messageRow({ path, form, image, message, length, next, findings }: FileMessage): Streamed<MessageRow> {
  const bytes = { path, bytes: image.length, messageBytes: length, hex: image.toString('hex'), findings };
  return next === undefined ? { ...message.toRow(), ...bytes } : { form, next, ...bytes };
}

/** A message as a hex dump, field by field, with the objections of kernels. */
export function messageText(
  { path, form, image, message, length, next, findings }: FileMessage,
  style: Style,
): string[] {
  const page = next === undefined ? '' : `, next offset ${next}`;
  return [
    style.bold(path),
    `  form ${form}, ${image.length} of ${length} bytes${page}`,
    ...dumpLines(image),
    ...(next === undefined ? fieldLines(message) : []),
    ...findingLines(findings, style),
  ];
}

/** The bytes of a message as a hex dump. */
export function dumpLines(image: Uint8Array): string[] {
  return hexDump(image, 2);
}

/** A message field by field. */
export function fieldLines(message: KernelMessage): string[] {
  return message.toLines().map((line) => `  ${line}`);
}
