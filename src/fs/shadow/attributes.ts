/** Mode and owner of the folders of a shadow tree: a directory has no YAML, so they are its metadata. */
import { fchmodSync, fchownSync, fstatSync } from 'node:fs';
import type { MkdirEntry } from '../../format/entries/mkdir.js';

const MODE_BITS = 0o7777;

export function octalMode(mode: number): string {
  return `0${mode.toString(8)}`;
}

/** One difference, for a reader. */
export function says(name: string, found: unknown, expected: unknown): string {
  return `${name} is ${found}, the log says ${expected}`;
}

/** How an open folder differs from its entry. */
export function folderDifferences(fd: number, { mode, uid, gid }: MkdirEntry): string[] {
  const stats = fstatSync(fd);
  const found = { mode: octalMode(stats.mode & MODE_BITS), uid: stats.uid, gid: stats.gid };
  const expected = { mode: octalMode(mode), uid, gid };
  const keys = ['mode', 'uid', 'gid'] as const;
  return keys.filter((key) => found[key] !== expected[key]).map((key) => says(key, found[key], expected[key]));
}

/** Gives an open folder mode and owner of its entry. Returns false where only root may give it the owner. */
export function setAttributes(fd: number, { mode, uid, gid }: MkdirEntry): boolean {
  let owned = true;
  try {
    fchownSync(fd, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    owned = false;
  }
  // after the owner: changing that takes set-id bits away
  fchmodSync(fd, mode);
  return owned;
}
