/** Reads the YAML of a shadow tree, which anyone may have written: text only, no aliases, no tags, bounded in size. */

import type { FileMetadata } from '../../format/fileYaml.js';
import { type Extent, type Fmap, MAX_SIMPLE_EXTENTS, MAX_STRIPS } from '../../format/fmap.js';
import type { DaxdevFacts } from './facts.js';

/** A fault in a document. */
export class ShadowYamlError extends Error {}

export interface YamlReader {
  /** The metadata of a file. Throws ShadowYamlError. */
  file(text: Uint8Array): FileMetadata;
  /** The metadata of a daxdev. Throws ShadowYamlError. */
  daxdev(text: Uint8Array): DaxdevFacts;
}

/** Loads the parser, which takes a few milliseconds. The caller bounds the length of the documents. */
export async function yamlReader(): Promise<YamlReader> {
  const { parseDocument } = await import('yaml');
  const parse = (bytes: Uint8Array): unknown => {
    try {
      // failsafe: every scalar stays text, so our rules read 0644 and -2, not those of a schema
      const document = parseDocument(Buffer.from(bytes).toString('utf8'), {
        schema: 'failsafe',
        logLevel: 'silent',
        prettyErrors: false,
      });
      const [error] = document.errors;
      if (error !== undefined) throw error;
      return document.toJS({ maxAliasCount: 0 });
    } catch (cause) {
      throw new ShadowYamlError(`is not valid YAML (${firstLine(cause)})`, { cause });
    }
  };
  return { file: (bytes) => fileOf(parse(bytes)), daxdev: (bytes) => daxdevOf(parse(bytes)) };
}

function firstLine(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
}

function fileOf(document: unknown): FileMetadata {
  const file = mapping(mapping(document, 'document').file, 'file');
  return {
    path: text(file.path, 'path'),
    size: integer(file.size, 'size'),
    flags: integer(file.flags, 'flags'),
    mode: octal(file.mode),
    uid: id(file.uid, 'uid'),
    gid: id(file.gid, 'gid'),
    fmap: fmapOf(file),
  };
}

function daxdevOf(document: unknown): DaxdevFacts {
  const daxdev = mapping(mapping(document, 'document').daxdev, 'daxdev');
  const index = integer(daxdev.index, 'index');
  return { index, uuid: text(daxdev.uuid, 'uuid').toLowerCase(), size: integer(daxdev.size, 'size') };
}

function fmapOf(file: Readonly<Record<string, unknown>>): Fmap {
  const count = integer(file.nextents, 'nextents');
  if (file.striped_ext_list === undefined) {
    const extents = extentsOf(file.simple_ext_list, MAX_SIMPLE_EXTENTS);
    if (count !== extents.length) throw new ShadowYamlError(`nextents is ${count}, but ${extents.length} are listed`);
    return { layout: 'simple', extents };
  }
  const [striped, ...others] = sequence(file.striped_ext_list, 'striped_ext_list', 1);
  if (striped === undefined || others.length > 0 || count !== 1)
    throw new ShadowYamlError('an interleaved file has one striped extent');
  const fields = mapping(striped, 'striped_ext_list');
  const extents = extentsOf(fields.simple_ext_list, MAX_STRIPS);
  const strips = integer(fields.nstrips, 'nstrips');
  if (strips !== extents.length) throw new ShadowYamlError(`nstrips is ${strips}, but ${extents.length} are listed`);
  return { layout: 'interleaved', chunkSize: integer(fields.chunk_size, 'chunk_size'), extents };
}

function extentsOf(list: unknown, most: number): Extent[] {
  return sequence(list, 'simple_ext_list', most).map((item) => {
    const { devindex, offset, length } = mapping(item, 'simple_ext_list');
    const daxdev = integer(devindex, 'devindex');
    return { daxdev, deviceOffset: integer(offset, 'offset'), length: integer(length, 'length') };
  });
}

function mapping(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ShadowYamlError(`${name} is not a mapping`);
}

function sequence(value: unknown, name: string, most: number): readonly unknown[] {
  if (Array.isArray(value) && value.length <= most) return value;
  throw new ShadowYamlError(`${name} is not a list of at most ${most}`);
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new ShadowYamlError(`${name} is not text`);
}

function integer(value: unknown, name: string): number {
  const number = /^(?:\d{1,16}|0x[\da-f]{1,14})$/i.test(text(value, name)) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new ShadowYamlError(`${name} is not a number from 0 to 2^53-1`);
}

function octal(value: unknown): number {
  if (/^[0-7]{1,7}$/.test(text(value, 'mode'))) return Number.parseInt(value as string, 8);
  throw new ShadowYamlError('mode is not an octal number');
}

/** The reference prints ids as signed numbers: 4294967294 as -2. */
function id(value: unknown, name: string): number {
  const number = /^-?\d{1,10}$/.test(text(value, name)) ? Number(value) : Number.NaN;
  if (number >= -(2 ** 31) && number < 2 ** 32) return number >>> 0;
  throw new ShadowYamlError(`${name} is not a number of 32 bits`);
}
