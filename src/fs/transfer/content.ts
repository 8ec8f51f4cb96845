/** Sources of the bytes of files. */
import { closeSync } from 'node:fs';
import type { FileEntry } from '../../format/entries/file.js';
import { FamfsError } from '../errors.js';
import type { Volume } from '../pool/volume.js';
import { copyMap } from './copyMap.js';
import { FileMap } from './fileMap.js';
import type { SourceFile } from './listedFiles.js';
import { openUnchanged, requireUnchanged } from './localFile.js';
import { fileOf } from './pseudoFiles.js';
import { type Chunks, storeChunks } from './storeChunks.js';
import type { Stream } from './stream.js';
import { type TransferControl, transferFile } from './transferFile.js';

export type Content =
  /** a file of this host; with `verify` it is read again and compared with the memory */
  | { readonly from: 'file'; readonly source: SourceFile; readonly verify: boolean }
  /** a source that can be read only once */
  | { readonly from: 'stream'; readonly stream: Stream }
  /** bytes of this process */
  | { readonly from: 'chunks'; readonly chunks: Chunks }
  /** the seeded pattern of creat and verify; seed 0..2^64-1 */
  | { readonly from: 'pattern'; readonly seed: bigint }
  | { readonly from: 'zeros' }
  /** a file of another file system, of the same size; it is compared afterwards */
  | { readonly from: 'famfs'; readonly volume: Volume; readonly entry: FileEntry };

/**
 * Stores all bytes of a file and fences. Returns false if it was cancelled before the end. Throws what transferFile throws,
 * CHANGED for a source that was written to meanwhile, and STREAM_ENDED or STREAM_GOES_ON for a stream of another length.
 */
export async function storeContent(map: FileMap, content: Content, control: TransferControl): Promise<boolean> {
  switch (content.from) {
    case 'file':
      return storeFile(map, content.source, content.verify, control);
    case 'stream':
      return storeStream(map, content.stream, control);
    case 'chunks':
      return storeChunks(map, content.chunks, control);
    case 'pattern':
      return !(await transferFile(map, { operation: 'fillPattern', seed: content.seed }, control)).cancelled;
    case 'famfs':
      return storeCopy(map, new FileMap(content.volume, content.entry), control);
    case 'zeros':
      return !(await transferFile(map, { operation: 'zero' }, control)).cancelled;
  }
}

async function storeCopy(map: FileMap, from: FileMap, control: TransferControl): Promise<boolean> {
  try {
    await copyMap(from, map, control);
    return true;
  } catch (error) {
    if (control.signal.aborted) return false;
    throw error;
  }
}

async function storeFile(
  map: FileMap,
  source: SourceFile,
  verify: boolean,
  control: TransferControl,
): Promise<boolean> {
  const { bytes } = source;
  const fd = bytes === undefined ? openUnchanged(source.local, source) : fileOf(bytes);
  const otherEnd = source.text;
  try {
    const { cancelled } = await transferFile(map, { operation: 'copyIn', fd, otherEnd }, control);
    if (cancelled) return false;
    const whole = !verify || (await matchesFile(map, fd, otherEnd, control));
    if (bytes === undefined) requireUnchanged(source.local, fd, source);
    return whole;
  } finally {
    closeSync(fd);
  }
}

/** Compares the memory, past this host's caches, with an open file. Returns false if cancelled; throws WRONG_BYTE. */
async function matchesFile(map: FileMap, fd: number, otherEnd: string, control: TransferControl): Promise<boolean> {
  const comparison = { operation: 'compare', fd, otherEnd, invalidate: true } as const;
  return !(await transferFile(map, comparison, control)).cancelled;
}

async function storeStream(map: FileMap, { fd, name, endless }: Stream, control: TransferControl): Promise<boolean> {
  const copy = { operation: 'copyInStream', fd, otherEnd: name } as const;
  const { bytes, cancelled, more } = await transferFile(map, copy, control);
  if (cancelled) return false;
  const details = { path: map.path, size: map.size, bytes };
  if (bytes < map.size)
    throw new FamfsError('STREAM_ENDED', `${name} ended after ${bytes} of ${map.size} bytes`, { details });
  if (more && !endless)
    throw new FamfsError('STREAM_GOES_ON', `${name} has more than the ${map.size} bytes of ${map.path}`, {
      hint: 'give its actual size with -s',
      details,
    });
  return true;
}
