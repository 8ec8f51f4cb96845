/** Entries of a log, and what the reference demands of each by itself. */
import { crc32 } from 'node:zlib';
import { isZero, uuidAt } from './rawImage.js';

export const ENTRY_SIZE = 544;
const PAYLOAD = { from: 16, to: 536 };
const PATH_SIZE = 80;
const EXTENT_SIZE = 24;
const MOST_EXTENTS = 16;
const PERMISSIONS = 0o7777;

export interface RawExtent {
  readonly daxdev: bigint;
  readonly offset: bigint;
  readonly length: bigint;
}

export interface RawNode {
  readonly kind: 'file' | 'directory';
  readonly slot: number;
  /** each byte as a character of latin1 */
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** bytes; 0 for a directory */
  readonly size: bigint;
  readonly interleaved: boolean;
  /** bytes; 0 if it is not interleaved */
  readonly chunk: bigint;
  readonly extents: readonly RawExtent[];
}

export interface RawDaxdev {
  readonly kind: 'daxdev';
  readonly slot: number;
  readonly index: number;
  readonly uuid: string;
  /** bytes */
  readonly size: bigint;
}

/** Takes down a complaint unless the rule holds. */
export type Rule = (holds: boolean, complaint: string) => unknown;

/** The same of an entry. */
export function inSlot(slot: number, rule: Rule): Rule {
  return (holds, complaint) => holds || rule(false, `slot ${slot}: ${complaint}`);
}

/** The entry in a slot, or undefined if nothing more can be said of it. */
export function judgeEntry(bytes: Buffer, slot: number, rule: Rule): RawNode | RawDaxdev | undefined {
  const say = inSlot(slot, rule);
  say(bytes.readBigUInt64LE(0) === BigInt(slot), 'sequence number');
  say(bytes.readUInt32LE(12) === 0, 'padding of the entry');
  say(bytes.readBigUInt64LE(PAYLOAD.to) === BigInt(crc32(bytes.subarray(0, PAYLOAD.to))), 'crc of the entry');
  const payload = bytes.subarray(PAYLOAD.from, PAYLOAD.to);
  const type = bytes.readUInt32LE(8);
  if (type === 0) return judgeFile(payload, slot, say);
  if (type === 1) return judgeDirectory(payload, slot, say);
  say(type === 3, `type ${type}`);
  return type === 3 ? judgeDaxdev(payload, slot, say) : undefined;
}

function judgeFile(payload: Buffer, slot: number, say: Rule): RawNode {
  const [size, mode] = [payload.readBigUInt64LE(0), payload.readUInt32LE(20)];
  say(size > 0n, 'an empty file');
  say(payload.readUInt32LE(8) === 2, 'flags of the file');
  say(mode <= PERMISSIONS, 'mode');
  const type = payload.readUInt32LE(104);
  say(type <= 1, 'extent type');
  say(payload.readUInt32LE(108) === 0 && payload.readUInt32LE(116) === 0, 'padding of the file');
  const records = payload.readUInt32LE(112);
  const interleaved = type === 1;
  say(!interleaved || records === 1, 'number of interleaved records');
  const count = interleaved ? payload.readBigUInt64LE(120) : BigInt(records);
  const counted = count >= 1n && count <= BigInt(MOST_EXTENTS);
  say(counted, interleaved ? 'number of strips' : 'number of extents');
  const list = payload.subarray(interleaved ? 136 : 120);
  const used = counted ? Number(count) : 0;
  say(isZero(list.subarray(used * EXTENT_SIZE)), 'bytes after the last extent');
  return {
    kind: 'file',
    slot,
    path: judgePath(payload.subarray(24, 24 + PATH_SIZE), say),
    mode,
    uid: payload.readUInt32LE(12),
    gid: payload.readUInt32LE(16),
    size,
    interleaved,
    chunk: interleaved ? payload.readBigUInt64LE(128) : 0n,
    extents: Array.from({ length: used }, (_, i) => extentAt(list, i * EXTENT_SIZE)),
  };
}

function extentAt(list: Buffer, at: number): RawExtent {
  return {
    daxdev: list.readBigUInt64LE(at),
    offset: list.readBigUInt64LE(at + 8),
    length: list.readBigUInt64LE(at + 16),
  };
}

function judgeDirectory(payload: Buffer, slot: number, say: Rule): RawNode {
  const mode = payload.readUInt32LE(8);
  say(mode <= PERMISSIONS, 'mode');
  say(isZero(payload.subarray(12 + PATH_SIZE)), 'bytes after the directory');
  return {
    kind: 'directory',
    slot,
    path: judgePath(payload.subarray(12, 12 + PATH_SIZE), say),
    mode,
    uid: payload.readUInt32LE(0),
    gid: payload.readUInt32LE(4),
    size: 0n,
    interleaved: false,
    chunk: 0n,
    extents: [],
  };
}

function judgeDaxdev(payload: Buffer, slot: number, say: Rule): RawDaxdev {
  say(isZero(payload.subarray(28)), 'bytes after the daxdev');
  return {
    kind: 'daxdev',
    slot,
    index: payload.readUInt32LE(24),
    uuid: uuidAt(payload, 8),
    size: payload.readBigUInt64LE(0),
  };
}

function judgePath(field: Buffer, say: Rule): string {
  const length = field.indexOf(0);
  say(length >= 0, 'path without a NUL');
  say(length < 0 || isZero(field.subarray(length)), 'bytes after the path');
  const path = field.toString('latin1', 0, length < 0 ? PATH_SIZE : length);
  const names = path.split('/');
  say(!path.startsWith('/'), 'path with a leading /');
  say(
    names.every((name) => name !== ''),
    'path with an empty name',
  );
  say(
    names.every((name) => name !== '.' && name !== '..'),
    'path with . or ..',
  );
  say(names[0] !== '.meta', 'path in .meta');
  return path;
}
