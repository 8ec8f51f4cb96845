/** Reading a message of bytes from a file or standard input. */
import { closeSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { FamfsError } from '../../fs/errors.js';
import type { Context } from '../../ui/command.js';

/** bytes; longer than the longest that any kernel takes */
const LONGEST = 32 * 1024 * 1024;
const BLOCK = 65536;

/** All bytes of a file, or of standard input for '-' or undefined. Throws FMAP_UNREADABLE or FMAP_LARGE. */
export async function readMessage(context: Context, source: string | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of source === undefined || source === '-' ? context.stdin : blocks(context, source)) {
    chunks.push(Buffer.from(chunk as Uint8Array));
    length += chunk.length;
    if (length > LONGEST)
      throw new FamfsError('FMAP_LARGE', `${source ?? '-'}: more than ${LONGEST} bytes; no kernel takes such a map`);
  }
  return Buffer.concat(chunks);
}

function* blocks(context: Context, source: string): Generator<Buffer> {
  let fd: number | undefined;
  try {
    fd = openSync(resolve(context.cwd, source), 'r');
    for (;;) {
      const block = Buffer.allocUnsafe(BLOCK);
      const count = readSync(fd, block);
      if (count === 0) return;
      yield block.subarray(0, count);
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new FamfsError('FMAP_UNREADABLE', `cannot read ${source}: ${cause.message}`, { cause });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
