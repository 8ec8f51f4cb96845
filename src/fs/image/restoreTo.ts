/** Makes sparse images of a metadata image: file systems without file data, for every command that does not read that. */
import { closeSync, constants, ftruncateSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../host/host.js';
import { hostPath } from '../host/hostPath.js';
import { makeFolders } from '../host/makeFolders.js';
import { writeAll } from '../host/writeAll.js';
import { orLocalError } from '../transfer/localFile.js';
import { existsError, statTarget } from '../transfer/wholeFile.js';
import type { MetadataImage } from './imageReader.js';

/** bytes; pages without a bit set stay holes */
const PAGE = 4096;
const ZEROS = Buffer.alloc(PAGE);

/** An image that was made. */
export interface RestoredImage {
  readonly path: string;
  /** bytes */
  readonly size: number;
  /** bytes that were written */
  readonly bytes: number;
}

/**
 * Makes daxdev-0.img, the primary, and so on in a folder, which is made if it is missing. Throws EXISTS, IN_THE_WAY, CANNOT_WRITE and
 * BAD_HOST_PATH; nothing that it made is left then.
 * @param force replace regular files of these names
 * @param dryRun only check, and count
 */
export function restoreTo(
  host: Host,
  image: MetadataImage,
  folder: string,
  { force, dryRun }: { readonly force: boolean; readonly dryRun: boolean },
): RestoredImage[] {
  const path = hostPath(host, folder);
  const targets = image.description.daxdevs.map(({ size }, i) => ({ path: join(path, `daxdev-${i}.img`), size }));
  for (const target of targets) refuseExisting(target.path, force);
  if (dryRun) return fill(image, targets, () => {});
  const made: string[] = [];
  try {
    orLocalError('write', Buffer.from(path), () => makeFolders(path, 0o777));
    const files = targets.map((target) =>
      orLocalError('write', Buffer.from(target.path), () => makeSparse(target, made)),
    );
    try {
      return fill(image, files, ({ fd, path: name }, page, offset) =>
        orLocalError('write', Buffer.from(name), () => writeAll(fd, page, offset)),
      );
    } finally {
      for (const { fd } of files) closeSync(fd);
    }
  } catch (error) {
    for (const one of made) rmSync(one, { force: true });
    throw error;
  }
}

interface OpenFile extends Omit<RestoredImage, 'bytes'> {
  readonly fd: number;
}

function refuseExisting(path: string, force: boolean): void {
  const stats = statTarget(path, path, 'name another folder');
  if (stats !== undefined && !force) throw existsError(path, path, '--force replaces it');
}

/** The name is removed first, so that nothing is written into a file that has another name too. */
function makeSparse({ path, size }: { path: string; size: number }, made: string[]): OpenFile {
  rmSync(path, { force: true });
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;
  const fd = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  made.push(path);
  ftruncateSync(fd, size);
  return { path, size, fd };
}

/** Gives each page that is not empty to `write`, and counts them. */
function fill<T extends Omit<RestoredImage, 'bytes'>>(
  image: MetadataImage,
  files: readonly T[],
  write: (file: T, page: Buffer, offset: number) => void,
): RestoredImage[] {
  const written = files.map(() => 0);
  for (const { daxdev, deviceOffset, bytes } of image.pieces()) {
    const file = files[daxdev] as T;
    for (let at = 0; at < bytes.length; at += PAGE) {
      const page = bytes.subarray(at, at + PAGE);
      if (page.equals(ZEROS.subarray(0, page.length))) continue;
      write(file, page, deviceOffset + at);
      written[daxdev]! += page.length;
    }
  }
  return files.map(({ path, size }, i) => ({ path, size, bytes: written[i] as number }));
}
