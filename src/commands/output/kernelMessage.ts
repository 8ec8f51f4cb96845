/** The messages that carry the maps of files to a kernel, as showfmap prints them. */

import type { FileEntry } from '../../format/entries/file.js';
import { type KernelFinding, type KernelForm, kernelFindings } from '../../format/kernel/rules.js';
import { encodeV2, pageV2, probeV2 } from '../../format/kernel/v2.js';
import { V2_REVISIONS, type V2Revision } from '../../format/kernel/v2Rules.js';
import { FamfsError } from '../../fs/errors.js';
import type { Streamed, Style } from '../../ui/command.js';
import { type DecodedD, type DecodedV2, decodedRow, findingLines, messageLines } from './kernelForms.js';

/** The message, or the part of it that was asked for, and what kernels have against the map. */
export interface Message {
  readonly path: string;
  readonly form: KernelForm;
  readonly image: Buffer;
  /** bytes of the whole message */
  readonly length: number;
  /** only of a page: the offset of the next one, or -1 */
  readonly next?: number;
  readonly findings: readonly KernelFinding[];
}

export interface V2Request {
  readonly revision: V2Revision;
  /** bytes of the kernel's buffer */
  readonly maxReply: number | undefined;
  /** byte of the reply that a page is to begin at */
  readonly offset: number | undefined;
}

/** The GET_FMAP reply for a file, the answer to a size probe, or a page. Throws BAD_RANGE when there is no such page. */
export function messageV2({ path, fmap, size }: FileEntry, { revision, maxReply, offset }: V2Request): Message {
  const statesSize = V2_REVISIONS[revision].statesSize || maxReply !== undefined;
  const reply = encodeV2(fmap, size, statesSize);
  const head = {
    path,
    form: 'v2',
    length: reply.length,
    findings: kernelFindings(fmap, size, 'v2', revision),
  } as const;
  if (maxReply === undefined) return { ...head, image: reply };
  if (offset === undefined) return { ...head, image: probeV2(reply, maxReply) };
  const page = pageV2(reply, offset, maxReply);
  if (page !== undefined) return { ...head, ...page };
  throw new FamfsError('BAD_RANGE', `${path}: no page of its reply of ${reply.length} bytes begins at ${offset}`, {
    hint: 'give 0, or the next offset that the page before ends with; a page needs 8 bytes beside its records',
    details: { path, offset, length: reply.length },
  });
}

/** The notification for a file. */
export function messageD({ path, fmap, size }: FileEntry, image: Buffer): Message {
  return { path, form: 'd', image, length: image.length, findings: kernelFindings(fmap, size, 'd') };
}

/** A message, and what kernels have against the map that it carries. */
export type MessageRow = (DecodedV2 & MessageBytes) | (DecodedD & MessageBytes) | PageRow;

interface MessageBytes {
  /** of the file */
  readonly path: string;
  /** bytes in `hex` */
  readonly bytes: number;
  /** bytes of the whole message */
  readonly messageBytes: number;
  /** the bytes, two digits each */
  readonly hex: string;
  readonly findings: readonly KernelFinding[];
}

/** With --offset: a part of a v2 reply. */
interface PageRow extends MessageBytes {
  readonly form: 'v2';
  /** offset of the next page in the reply; -1 for the last one */
  readonly next: number;
}

/** A page is not decoded: it may begin anywhere in the reply. */
export function messageRow({ path, form, image, length, next, findings }: Message): Streamed<MessageRow> {
  const bytes = { path, bytes: image.length, messageBytes: length, hex: image.toString('hex'), findings };
  return next === undefined ? { ...decodedRow(image, form), ...bytes } : { form: 'v2', next, ...bytes };
}

/** A message as hex dump, field by field, and with what kernels say. A page is not taken apart: it may begin anywhere. */
export function* messagesText(messages: Iterable<Message>, style: Style): Generator<string> {
  for (const { path, form, image, length, next, findings } of messages) {
    yield style.bold(path);
    yield `  form ${form}, ${image.length} of ${length} bytes${next === undefined ? '' : `, next offset ${next}`}`;
    yield* messageLines(image, form, next !== undefined);
    yield* findingLines(findings, style);
  }
}
