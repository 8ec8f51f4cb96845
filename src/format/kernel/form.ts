/** The interface of a form of map messages; forms.ts lists the forms. */
import type { Fmap } from '../fmap.js';
import type { Field, Struct } from '../struct.js';
import type { DaxdevForm } from './daxdevForm.js';
import type { MapFacts, MappedFile } from './facts.js';
import type { KernelFinding, RuleRow } from './rule.js';

export interface KernelForm<Row extends object = object, DaxdevRow extends object = object> {
  /** description for help texts: the GET_FMAP reply of the FUSE patches of 2025 */
  readonly summary: string;
  /** which kernels use it: kernels that ask for maps (GET_FMAP) */
  readonly kernels: string;
  /** revisions of the kernels that use it, each with its distinguishing features; empty if they do not differ */
  readonly revisions: Readonly<Record<string, { readonly summary: string }>>;
  /** the default revision; undefined if there are none */
  readonly defaultRevision: string | undefined;
  /** whether a message states its file's size */
  readonly statesFileSize: boolean;
  /** the records of a message */
  readonly structs: readonly Struct<Record<string, Field<unknown>>>[];

  /** The message for a file. Throws FieldRangeError for a value that it cannot hold. */
  encode(file: MappedFile, revision: string | undefined): Buffer;
  /** Whether bytes look like a message of this form. */
  guess(image: Uint8Array): boolean;
  /** Reads a message as far as its bytes go; never throws. */
  decode(image: Uint8Array): KernelMessage<Row>;

  /** how to send a message in parts; undefined for a form that is sent whole */
  readonly parts: MessageParts | undefined;
  /** how a kernel learns of the daxdevs that maps name */
  readonly daxdevs: DaxdevForm<DaxdevRow>;
  /** The rules of KernelMessage.judge, for documents. */
  rules(): readonly RuleRow<string>[];
}

/** A decoded message. */
export interface KernelMessage<Row extends object = object> {
  /** A kernel's objections, its answer first; empty for a map that it accepts. */
  judge(facts: MapFacts): KernelFinding[];
  /** The message field by field, for JSON. Numbers are exact. */
  toRow(): Row;
  /** The same as text. */
  toLines(): string[];
  /**
   * The map in the message, and the size of its file in bytes; `fileSize` is for a form that does not send it. Undefined if no
   * famfs file can have this map.
   */
  toMap(fileSize: number | undefined): { readonly fmap: Fmap; readonly size: number } | undefined;
}

/** A part of a message, and the offset of the next part; -1 after the last. */
export interface MessagePage {
  readonly image: Buffer;
  readonly next: number;
}

export interface MessageParts {
  /** bytes of the smallest buffer for a reply and for a page */
  readonly shortest: number;
  readonly shortestPage: number;
  /** The message for a file, including its own size, which a kernel needs to read it in parts. */
  encode(file: MappedFile): Buffer;
  /** The reply to a kernel with a buffer of `room` bytes. */
  answer(message: Buffer, room: number): Buffer;
  /** The page that begins at byte `offset` of the message, with at most `room` bytes; undefined if there is none. */
  page(message: Buffer, offset: number, room: number): MessagePage | undefined;
}
