/** What a form of map messages has to say of itself; forms.ts lists all there are. */
import type { Fmap } from '../fmap.js';
import type { Field, Struct } from '../struct.js';
import type { DaxdevForm } from './daxdevForm.js';
import type { MapFacts, MappedFile } from './facts.js';
import type { KernelFinding, RuleRow } from './rule.js';

export interface KernelForm<Row extends object = object, DaxdevRow extends object = object> {
  /** what it is, for help texts: the GET_FMAP reply of the FUSE patches of 2025 */
  readonly summary: string;
  /** which kernels use it: kernels that ask for maps (GET_FMAP) */
  readonly kernels: string;
  /** revisions of the kernels that use it, each with what sets it apart; none where they do not differ */
  readonly revisions: Readonly<Record<string, { readonly summary: string }>>;
  /** the revision that is meant where none is named; undefined where there are none */
  readonly defaultRevision: string | undefined;
  /** whether a message states the size of its file */
  readonly statesFileSize: boolean;
  /** the records of a message */
  readonly structs: readonly Struct<Record<string, Field<unknown>>>[];

  /** The message for a file. Throws FieldRangeError for a value that it cannot hold. */
  encode(file: MappedFile, revision: string | undefined): Buffer;
  /** Whether bytes look like a message of this form. */
  guess(image: Uint8Array): boolean;
  /** Reads a message as far as its bytes go; never throws. */
  decode(image: Uint8Array): KernelMessage<Row>;

  /** how parts of a message are sent; undefined for a form that is sent whole */
  readonly parts: MessageParts | undefined;
  /** how a kernel learns of the daxdevs that maps name */
  readonly daxdevs: DaxdevForm<DaxdevRow>;
  /** The rules of KernelMessage.judge, for documents. */
  rules(): readonly RuleRow<string>[];
}

/** A message that has been decoded, once for all that is asked of it. */
export interface KernelMessage<Row extends object = object> {
  /** What a kernel objects to, its answer first; empty for a map that it accepts. */
  judge(facts: MapFacts): KernelFinding[];
  /** The message field by field, for JSON. Numbers are exact. */
  toRow(): Row;
  /** The same for people. */
  toLines(): Iterable<string>;
  /**
   * The map in the message, and the size of its file in bytes; `fileSize` for a form that does not state it.
   * Undefined when no file of a famfs can have it.
   */
  toMap(fileSize: number | undefined): { readonly fmap: Fmap; readonly size: number } | undefined;
}

/** A part of a message, and the offset of the next one in the message, -1 after the last. */
export interface MessagePage {
  readonly image: Buffer;
  readonly next: number;
}

export interface MessageParts {
  /** bytes of the smallest buffer, and of the smallest one for a page */
  readonly shortest: number;
  readonly shortestPage: number;
  /** The message for a file, stating its own size: a kernel that reads a message in parts needs that. */
  encode(file: MappedFile): Buffer;
  /** What a server sends to a kernel with a buffer of `room` bytes. */
  answer(message: Buffer, room: number): Buffer;
  /** The page that begins at byte `offset` of the message, of at most `room` bytes; undefined when there is none. */
  page(message: Buffer, offset: number, room: number): MessagePage | undefined;
}
