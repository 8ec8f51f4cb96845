/** Parts of a GET_FMAP reply: the answer to a size probe, and the pages that were proposed for long maps. */
import type { MessagePage } from './form.js';
import { v2ExtentStruct, v2HeaderStruct } from './v2Message.js';

/** bytes after the records of a page: the offset of the next one, or -1 */
const TRAILER = 8;

/** bytes of the shortest page: the header and the offset of the next page */
export const V2_SHORTEST_PAGE = v2HeaderStruct.size + TRAILER;

/**
 * The reply to a kernel whose buffer has `room` bytes (the size probe): the whole reply, or, if that does not fit, only the
 * header, which states how much is needed. `reply` must state its size; `room` must hold a header.
 */
export function probeV2(reply: Buffer, room: number): Buffer {
  return reply.length <= room ? reply : reply.subarray(0, v2HeaderStruct.size);
}

/**
 * The page that begins at byte `offset` of a reply and has at most `room` bytes: as many whole records (header, head of an
 * interleaved extent, extent, strip) as fit, then the offset of the next page. A reviewer of the patches proposed this for long
 * maps; it was never merged. Undefined if no record begins at `offset`, or none fits.
 */
export function pageV2(reply: Buffer, offset: number, room: number): MessagePage | undefined {
  // every record except the header has 24 bytes
  const isStart =
    offset === 0 || (offset >= v2HeaderStruct.size && (offset - v2HeaderStruct.size) % v2ExtentStruct.size === 0);
  const space = offset + room - TRAILER;
  const fitting = Math.floor((space - v2HeaderStruct.size) / v2ExtentStruct.size) * v2ExtentStruct.size;
  const end = Math.min(reply.length, v2HeaderStruct.size + fitting);
  if (!isStart || end <= offset) return undefined;
  const next = end === reply.length ? -1 : end;
  const trailer = Buffer.alloc(TRAILER);
  trailer.writeBigInt64LE(BigInt(next));
  return { image: Buffer.concat([reply.subarray(offset, end), trailer]), next };
}
