/** Makes a metadata image. */
import { deflateSync } from 'node:zlib';
import { LOG_ENTRY_SIZE } from '../../format/logEntry.js';
import {
  BLOCK_BYTES,
  BLOCK_DESCRIPTION,
  BLOCK_END,
  encodeBlock,
  IMAGE_FIRST_LINE,
  type ImageBlock,
  type ImageDescription,
  MOST_BLOCK_BYTES,
} from '../../format/metadataImage.js';
import { rewriteJournalStruct } from '../../format/rewriteJournal.js';
import { crc32 } from '../../native/device.js';
import { crcFields } from '../log/journal.js';
import { readShared } from '../media/sharedMemory.js';
import { NameMap } from './nameMap.js';
import { adjust, scrambleEntries, scrambleLabel, scrambleSuperblock } from './scramble.js';
import type { MetadataRange, SourceDaxdev } from './sources.js';

/** whole entries, so that each is scrambled in one piece */
const PIECE = Math.floor(MOST_BLOCK_BYTES / LOG_ENTRY_SIZE) * LOG_ENTRY_SIZE;
const ZEROS = Buffer.alloc(PIECE);

/** Bytes of a daxdev. */
interface Piece {
  readonly deviceOffset: number;
  readonly bytes: Buffer;
}

/** The image, piece by piece. Zeros are left out: a restored image is sparse. */
export function* imageOf(daxdevs: readonly SourceDaxdev[], scrambled: boolean): Generator<Buffer> {
  const names = scrambled ? new NameMap() : undefined;
  const description: ImageDescription = { scrambled, daxdevs: daxdevs.map(({ size }) => ({ size })) };
  yield Buffer.from(IMAGE_FIRST_LINE);
  yield block({ kind: BLOCK_DESCRIPTION, daxdev: 0, deviceOffset: 0 }, Buffer.from(JSON.stringify(description)));
  let count = 1;
  for (const [daxdev, { ranges }] of daxdevs.entries())
    for (const { deviceOffset, bytes } of piecesOf(ranges, names)) {
      if (bytes.equals(ZEROS.subarray(0, bytes.length))) continue;
      const used = bytes.findLastIndex((byte) => byte !== 0) + 1;
      yield block({ kind: BLOCK_BYTES, daxdev, deviceOffset }, bytes.subarray(0, used));
      count++;
    }
  yield block({ kind: BLOCK_END, daxdev: 0, deviceOffset: count }, Buffer.alloc(0));
}

function* piecesOf(ranges: readonly MetadataRange[], names: NameMap | undefined): Generator<Piece> {
  // the ranges of a daxdev lie in the order of their offsets, but a record may depend on those after it
  const journal = ranges
    .filter(({ kind }) => kind === 'journal entries')
    .toSorted((a, b) => (a.firstSlot ?? 0) - (b.firstSlot ?? 0));
  for (const range of ranges) {
    if (range.kind === 'journal' && names !== undefined) yield scrambledJournal(range, journal, names);
    else yield* rangePieces(range, names);
  }
}

function* rangePieces(range: MetadataRange, names: NameMap | undefined): Generator<Piece> {
  const { kind, device, offset, deviceOffset, length, counted = 0, firstSlot = 0 } = range;
  for (let at = 0; at < length; at += PIECE) {
    const bytes = readShared(device, offset + at, Math.min(PIECE, length - at));
    if (names !== undefined && kind === 'superblock') scrambleSuperblock(bytes, names);
    if (names !== undefined && kind === 'label') scrambleLabel(bytes, names);
    if (names !== undefined && (kind === 'slots' || kind === 'journal entries'))
      scrambleEntries(bytes, firstSlot + at / LOG_ENTRY_SIZE, counted, names);
    yield { deviceOffset: deviceOffset + at, bytes };
  }
}

/** The beginning of a journal has a checksum of the CRCs of its entries: both change by as much as what they cover. */
function scrambledJournal(range: MetadataRange, entries: readonly MetadataRange[], names: NameMap): Piece {
  const { deviceOffset } = range;
  const bytes = readShared(range.device, range.offset, range.length);
  const before = checksumOf(entries, undefined);
  const after = checksumOf(entries, names);
  const { checksum, crc } = rewriteJournalStruct.offsets;
  adjust(bytes, checksum, before, after);
  const own = crc32(readShared(range.device, range.offset, range.length).subarray(0, crc));
  adjust(bytes, crc, own, crc32(bytes.subarray(0, crc)));
  return { deviceOffset, bytes };
}

function checksumOf(entries: readonly MetadataRange[], names: NameMap | undefined): number {
  const fields = entries.flatMap((range) => Array.from(rangePieces(range, names), ({ bytes }) => crcFields(bytes)));
  return crc32(Buffer.concat(fields));
}

function block(header: Pick<ImageBlock, 'kind' | 'daxdev' | 'deviceOffset'>, bytes: Buffer): Buffer {
  const packed = deflateSync(bytes);
  const { length } = bytes;
  const fields = { ...header, length, packed: packed.length, packedCrc: crc32(packed) };
  return Buffer.concat([encodeBlock(fields, crc32), packed]);
}
