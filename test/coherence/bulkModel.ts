/**
 * What the C++ side does for bulk jobs and for the log's table, done on simulated devices: the same stores, write-backs, fences and
 * invalidations, one piece after the other. `place` names where the C++ source has them.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { FilesJobRequest, JobDifference, JobFault, JobRequest, JobResult } from '../../src/native/addon.js';

/** A device of a simulated host. */
export interface BulkDevice {
  readonly size: number;
  readInto(target: Uint8Array, offset: number): void;
  write(offset: number, bytes: Uint8Array): void;
  /** `place`: where C++ asks for it */
  writeBack(offset: number, length: number, place?: string): void;
  invalidate(offset: number, length: number, place?: string): void;
  /** `part`: what it is for, if that is not to read */
  fence(place?: string, part?: string): void;
}

interface Piece {
  readonly device: BulkDevice;
  readonly index: number;
  readonly offset: number;
  readonly fileOffset: number;
  readonly length: number;
}

/** bytes of a piece, as in cpp/operation.h */
const PIECE = 128 * 1024;
const LINE = 64;
/** states of a small file, as in cpp/job.h */
const DONE = 2;
const FAILED = 3;
const DIFFERS = 4;

/** Does a job, all of it at once. */
export function runModel(
  request: JobRequest | FilesJobRequest,
): Omit<JobResult, 'cancelled' | 'more'> & { more?: boolean } {
  const done = request.operation === 'copyFiles' ? copyFiles(request) : runPieces(request);
  // each thread ends with one
  for (const device of request.devices as unknown as BulkDevice[]) device.fence('cpp/job.cc work', 'all');
  return done;
}

function runPieces(request: JobRequest): Omit<JobResult, 'cancelled' | 'more'> & { more?: boolean } {
  const { operation, fd, invalidate } = request;
  const source = request.source as unknown as BulkDevice | undefined;
  let bytes = 0;
  let more = false;
  let ended = false;
  let difference: JobDifference | undefined;
  const faults: JobFault[] = [];
  const compare = (piece: Piece, expected: Buffer): void => {
    difference ??= differenceOf(piece, load(piece, invalidate, 'cpp/touch.cc comparePiece'), expected);
  };
  const loadSource = (piece: Piece): Buffer => {
    const there = { ...piece, device: source as BulkDevice, offset: piece.fileOffset };
    return load(there, invalidate, 'cpp/copy_memory.cc load');
  };
  for (const piece of piecesOf(request)) {
    const { device, offset, fileOffset, length } = piece;
    bytes += length;
    switch (operation) {
      case 'fillPattern':
        storeOf(device, offset, patternOf(request.seed, fileOffset, length));
        break;
      case 'verifyPattern':
        compare(piece, patternOf(request.seed, fileOffset, length));
        break;
      case 'zero':
        storeOf(device, offset, Buffer.alloc(length));
        break;
      case 'copyIn':
      case 'compare': {
        const given: Buffer = readAt(fd, fileOffset, length);
        if (given.length < length) faults.push(faultOf(piece, 'EUNDERRUN', 'file', 'read'));
        else if (operation === 'compare') compare(piece, given);
        else storeOf(device, offset, given);
        break;
      }
      case 'copyInStream': {
        const given: Buffer = ended ? Buffer.alloc(0) : readAt(fd, null, length);
        ended ||= given.length < length;
        bytes -= length - given.length;
        if (given.length > 0) storeOf(device, offset, given);
        break;
      }
      case 'copyOut':
        writeSync(fd, load(piece, invalidate, 'cpp/touch.cc loadPiece'), 0, length, fileOffset);
        break;
      case 'copyOutStream':
        writeSync(fd, load(piece, invalidate, 'cpp/touch.cc loadPiece'));
        break;
      case 'copyMemory':
        storeOf(device, offset, loadSource(piece));
        break;
      case 'compareMemory':
        compare(piece, loadSource(piece));
        break;
      case 'writeBack':
        device.writeBack(offset, length);
        break;
      case 'invalidate':
        device.invalidate(offset, length);
        break;
      case 'read':
        load(piece, invalidate, 'cpp/touch.cc loadPiece');
        break;
    }
  }
  if (operation === 'copyInStream' && !ended) more = readAt(fd, null, 1).length > 0;
  return { bytes, faults, more, ...(difference !== undefined && { difference }) };
}

/** As cpp/small_files.cc; the sources are not changed meanwhile. */
function copyFiles({ paths, segments, devices, verify }: FilesJobRequest): Omit<JobResult, 'cancelled' | 'more'> {
  const names = Buffer.from(paths).toString('latin1').split('\0').slice(0, -1);
  const states = new Uint8Array(names.length);
  const differences: JobDifference[] = [];
  let bytes = 0;
  for (const [i, name] of names.entries()) {
    const piece = pieceAt(devices as unknown as BulkDevice[], segments, i);
    const { device, offset, length } = piece;
    const fd = openSync(Buffer.from(name, 'latin1'), 'r');
    const content = readAt(fd, 0, length);
    closeSync(fd);
    states[i] = content.length === length ? DONE : FAILED;
    if (content.length < length) continue;
    storeOf(device, offset, content);
    bytes += length;
    if (!verify) continue;
    device.fence('cpp/small_files.cc isStored, before it reads', 'all');
    const difference = differenceOf(piece, load(piece, true, 'cpp/small_files.cc isStored'), content);
    if (difference === undefined) continue;
    states[i] = DIFFERS;
    differences.push(difference);
  }
  return { bytes, faults: [], states, differences };
}

/** What cpp/log_decoder.cc does to read entries of memory that other hosts share. */
export function scanSlots(device: BulkDevice, offset: number, length: number): Buffer {
  const piece = { device, index: 0, offset, fileOffset: 0, length };
  return load(piece, true, 'cpp/log_decoder.cc readAfresh');
}

function load({ device, offset, length }: Piece, afresh: boolean, place: string): Buffer {
  const bytes = Buffer.alloc(length);
  if (afresh) {
    device.invalidate(offset, length, place);
    device.fence(place);
  }
  device.readInto(bytes, offset);
  return bytes;
}

/** As copyToMemory of cpp/copy.cc: whole lines past the cache, which is like a store that is being written back. */
function storeOf(device: BulkDevice, offset: number, bytes: Buffer): void {
  const head = Math.min(bytes.length, (LINE - (offset % LINE)) % LINE);
  const body = Math.floor((bytes.length - head) / LINE) * LINE;
  const parts = [
    { from: 0, to: head, place: 'cpp/copy.cc copyThroughCache' },
    { from: head, to: head + body, place: 'cpp/copy.cc copyLines' },
    { from: head + body, to: bytes.length, place: 'cpp/copy.cc copyThroughCache' },
  ];
  for (const { from, to, place } of parts) {
    if (from === to) continue;
    device.write(offset + from, bytes.subarray(from, to));
    device.writeBack(offset + from, to - from, place);
  }
}

function* piecesOf({ devices, segments }: JobRequest): Generator<Piece> {
  for (let i = 0; i < segments.length / 4; i++) {
    const whole = pieceAt(devices as unknown as BulkDevice[], segments, i);
    for (let at = 0; at < whole.length; at += PIECE)
      yield {
        ...whole,
        offset: whole.offset + at,
        fileOffset: whole.fileOffset + at,
        length: Math.min(PIECE, whole.length - at),
      };
  }
}

function pieceAt(devices: readonly BulkDevice[], segments: Float64Array, i: number): Piece {
  const [index = 0, offset = 0, fileOffset = 0, length = 0] = segments.subarray(4 * i, 4 * i + 4);
  return { device: devices[index] as BulkDevice, index, offset, fileOffset, length };
}

/** A pattern that depends on the seed, and is the same every 8 bytes of a file: never zero, and another one for another seed. */
function patternOf(seed: bigint, fileOffset: number, length: number): Buffer {
  const word = Buffer.alloc(8);
  word.writeBigUInt64LE(((seed + 1n) * 0x9e3779b97f4a7c15n) & 0xffff_ffff_ffff_ffffn);
  return Buffer.alloc(length + 8, word).subarray(fileOffset % 8, (fileOffset % 8) + length);
}

function readAt(fd: number, position: number | null, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const got = readSync(fd, bytes, filled, length - filled, position === null ? null : position + filled);
    if (got === 0) break;
    filled += got;
  }
  return bytes.subarray(0, filled);
}

function differenceOf(piece: Piece, found: Buffer, expected: Buffer): JobDifference | undefined {
  const { index, offset, fileOffset } = piece;
  const at = found.findIndex((byte, i) => byte !== expected[i]);
  if (at < 0) return undefined;
  return {
    device: index,
    offset: offset + at,
    fileOffset: fileOffset + at,
    expected: expected[at] as number,
    found: found[at] as number,
  };
}

function faultOf(
  { index, offset, fileOffset, length }: Piece,
  code: string,
  side: 'device' | 'file',
  action: 'read' | 'write',
): JobFault {
  return { device: index, offset, fileOffset, length, side, action, code };
}
